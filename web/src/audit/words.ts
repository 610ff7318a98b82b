import type { LedgerEntry } from '@/api/types';
import { auditTexts } from './texts';

/** What can be filtered by; the server may know more, which appear by their own name. */
export const ACTIONS = [
  'list', 'read', 'search', 'aggregate', 'duplicates', 'timeline', 'related', 'history', 'create', 'update', 'delete', 'restore', 'assign', 'reveal', 'import', 'export',
  'sign_in', 'sign_in_failed', 'sign_out', 'password_change', 'password.reset', 'person.create', 'person.update',
  'department.create', 'department.update', 'department.delete', 'role.create', 'role.assign', 'setup', 'seed',
  'network', 'alarm', 'break_glass', 'break_glass.seal', 'break_glass.collect', 'break_glass.code',
  'zone.create', 'zone.update', 'zone.delete', 'network_rules.update', 'device.enrol', 'device.use', 'device.approve', 'device.revoke', 'device.update', 'device_rules.update',
  'audit.read', 'audit.summary', 'audit.verify',
] as const;

export const OBJECTS = ['customer', 'contact', 'deal', 'communication', 'task', 'person', 'department', 'role', 'network', 'device'] as const;

function worded(group: 'action' | 'object' | 'field' | 'problem', name: string): string {
  const key = `${group}.${name}`;
  return auditTexts.has(key) ? auditTexts.text(key) : name;
}

export const actionText = (action: string) => worded('action', action);
export const objectText = (object: string) => worded('object', object);
export const fieldText = (field: string) => worded('field', field);

/** A problem that the verifier found: our words for its key, else its own. */
export function problemOfTree(key: string, detail: string): string {
  const own = worded('problem', key);
  return own === key ? detail : `${own}${detail === '' ? '' : ` · ${detail}`}`;
}

/** Who acted; without a person it was the system or the set-up. */
export function actorText({ person, principal_kind }: Pick<LedgerEntry, 'person' | 'principal_kind'>): string {
  return person?.name ?? auditTexts.text(`kind.${principal_kind}`);
}
