import dayjs, { type Dayjs } from 'dayjs';
import type { NewPerson, Person, PersonChange } from '@/api/types';

/** Starts with a letter or digit, so that it cannot be taken for an option or a hidden file. */
export const LOGIN = /^[a-z0-9][a-z0-9._-]*$/;

export type Employment = NonNullable<NewPerson['employment']>;
export const EMPLOYMENTS: Employment[] = ['employee', 'contractor', 'intern', 'external'];

export interface PersonValues {
  name: string;
  login: string;
  department_id: string;
  /** Beside the main one. */
  more_departments: string[];
  positions: string[];
  manager_id: string | null;
  roles: string[];
  employment: Employment;
  employee_number: string;
  location: string;
  /** The last day of the account. */
  ends_at: Dayjs | null;
}

/** What the form shows of a person, or of nobody yet. */
export function personValues(person: Person | undefined): Partial<PersonValues> {
  const [main, ...more] = person?.departments.map(({ id }) => id) ?? [];
  return {
    name: person?.name ?? '',
    login: person?.login ?? '',
    ...(main === undefined ? {} : { department_id: main }),
    more_departments: more,
    positions: person?.positions ?? [],
    manager_id: person?.manager?.id ?? null,
    roles: person?.roles ?? [],
    employment: person?.employment ?? 'employee',
    employee_number: person?.employee_number ?? '',
    location: person?.location ?? '',
    ends_at: person?.ends_at ? dayjs(person.ends_at) : null,
  };
}

/** The main department and the others, each once. */
function departmentsOf(values: PersonValues): string[] {
  return [...new Set([values.department_id, ...values.more_departments])];
}

function endOf(day: Dayjs | null): string | null {
  return day === null ? null : day.endOf('day').toISOString();
}

/** An account to be made. */
export function newPerson(values: PersonValues): NewPerson {
  return {
    name: values.name.trim(),
    login: values.login,
    departments: departmentsOf(values),
    positions: values.positions,
    manager_id: values.manager_id,
    roles: values.roles,
    employment: values.employment,
    employee_number: values.employee_number.trim() || null,
    location: values.location.trim() || null,
    ends_at: endOf(values.ends_at),
  };
}

/** Only what was changed: an administrator must not send, and so be refused, what another administration owns. */
export function changedPerson(person: Person, values: PersonValues): PersonChange {
  const change: PersonChange = {};
  const next = newPerson(values);
  const same = (a: string[] | undefined, b: string[] | undefined) => a?.toSorted().join() === b?.toSorted().join();
  if (next.name !== person.name) change.name = next.name;
  if (departmentsOf(values).join() !== person.departments.map(({ id }) => id).join()) change.departments = departmentsOf(values);
  if (!same(values.positions, person.positions)) change.positions = values.positions;
  if (values.manager_id !== (person.manager?.id ?? null)) change.manager_id = values.manager_id;
  if (!same(values.roles, person.roles)) change.roles = values.roles;
  if (values.employment !== person.employment) change.employment = values.employment;
  if (next.employee_number !== (person.employee_number ?? null)) change.employee_number = next.employee_number ?? null;
  if (next.location !== (person.location ?? null)) change.location = next.location ?? null;
  const ends = person.ends_at ? dayjs(person.ends_at) : null;
  if (!(values.ends_at === null ? ends === null : values.ends_at.isSame(ends, 'day'))) change.ends_at = endOf(values.ends_at);
  return change;
}
