import type { PersonStatus } from '@/api/types';

/** What the people page shows, as the address bar holds it. `open` is a person's id or `new`. */
export interface PeopleSearch {
  q?: string | undefined;
  department?: string | undefined;
  status?: PersonStatus | undefined;
  role?: string | undefined;
  open?: string | undefined;
}

export const STATUSES: readonly PersonStatus[] = ['active', 'suspended', 'left'];

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Keeps what the page understands and drops the rest. */
export function parsePeopleSearch(search: Record<string, unknown>): PeopleSearch {
  const parsed = {
    q: text(search.q),
    department: text(search.department),
    status: STATUSES.find((status) => status === search.status),
    role: text(search.role),
    open: text(search.open),
  };
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
}
