import type { Person, PersonChange } from '@/api/types';

/** Starts with a letter or digit, so that it cannot be taken for an option or a hidden file. */
export const LOGIN = /^[a-z0-9][a-z0-9._-]*$/;

export interface PersonValues {
  name: string;
  login: string;
  department_id: string;
  manager_id: string | null;
  roles: string[];
}

/** Only what was changed: an administrator must not send, and so be refused, what another administration owns. */
export function changedPerson(person: Person, values: PersonValues): PersonChange {
  const change: PersonChange = {};
  const name = values.name.trim();
  if (name !== person.name) change.name = name;
  if (values.department_id !== person.departments[0]?.id) change.department_id = values.department_id;
  if (values.manager_id !== (person.manager?.id ?? null)) change.manager_id = values.manager_id;
  if (values.roles.toSorted().join() !== person.roles.toSorted().join()) change.roles = values.roles;
  return change;
}
