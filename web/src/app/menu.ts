import type { app } from './texts';

type TextKey = Parameters<typeof app.text>[0];

export interface MenuEntry {
  path: string;
  text: TextKey;
  /** Any one of these opens the page. Empty: everybody. */
  needs: string[];
}

/** The places of the application, in the order people use them. */
export const WORK: MenuEntry[] = [
  { path: '/', text: 'menu.home', needs: [] },
  { path: '/customers', text: 'menu.customers', needs: ['list.customer'] },
  { path: '/contacts', text: 'menu.contacts', needs: ['list.contact'] },
  { path: '/deals', text: 'menu.deals', needs: ['list.deal'] },
  { path: '/communications', text: 'menu.communications', needs: ['list.communication'] },
  { path: '/tasks', text: 'menu.tasks', needs: ['list.task'] },
  { path: '/imports', text: 'menu.imports', needs: ['import.customer', 'import.contact', 'import.communication'] },
];

export const ADMINISTRATION: MenuEntry[] = [
  { path: '/admin/people', text: 'menu.people', needs: ['people.administer', 'roles.administer'] },
  { path: '/admin/leavers', text: 'menu.leavers', needs: ['people.administer'] },
  { path: '/admin/departments', text: 'menu.departments', needs: ['people.administer'] },
  { path: '/admin/positions', text: 'menu.positions', needs: ['people.administer'] },
  { path: '/admin/roles', text: 'menu.roles', needs: ['roles.administer', 'rules.read'] },
  { path: '/admin/networks', text: 'menu.networks', needs: ['rules.read'] },
  { path: '/admin/devices', text: 'menu.devices', needs: ['rules.read'] },
  { path: '/admin/break-glass', text: 'menu.breakGlass', needs: ['rules.read', 'settings.administer'] },
  { path: '/audit', text: 'menu.audit', needs: ['audit.read'] },
];

export function allowed(entries: MenuEntry[], can: (capability: string) => boolean): MenuEntry[] {
  return entries.filter((entry) => entry.needs.length === 0 || entry.needs.some(can));
}
