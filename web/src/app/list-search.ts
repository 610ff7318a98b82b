import type { Condition } from '@/api/types';

/** The view state of a list, as the address bar holds it. */
export interface ListSearch {
  /** Quick filter: mine, department, all … */
  view?: string | undefined;
  /** Text in the search box. */
  q?: string | undefined;
  filter?: Condition | undefined;
  sort?: string | undefined;
  /** Record open in the side panel. */
  open?: string | undefined;
  /** Another way to show the rows: deals as a board, tasks as a table. */
  mode?: 'board' | 'table' | undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function condition(value: unknown): Condition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return 'all' in value || 'any' in value || 'not' in value || 'field' in value ? (value as Condition) : undefined;
}

/** Keeps what a list understands and drops the rest, so that old links still open. */
export function parseListSearch(search: Record<string, unknown>): ListSearch {
  const parsed: ListSearch = {
    view: text(search.view),
    q: text(search.q),
    filter: condition(search.filter),
    sort: text(search.sort),
    open: text(search.open),
    mode: search.mode === 'board' || search.mode === 'table' ? search.mode : undefined,
  };
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
}
