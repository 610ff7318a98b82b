import type { LedgerOutcome } from '@/api/types';

/** What the audit page shows, as the address bar holds it. Days are local calendar days, `to` included. */
export interface AuditSearch {
  /** `all`: since the beginning. Without it and without days: the last seven days. */
  range?: 'all' | undefined;
  from?: string | undefined;
  to?: string | undefined;
  person?: string | undefined;
  action?: string | undefined;
  object?: string | undefined;
  record?: string | undefined;
  outcome?: LedgerOutcome | undefined;
  /** The entry open in the side panel. */
  entry?: number | undefined;
}

export const OUTCOMES: readonly LedgerOutcome[] = ['ok', 'refused', 'failed'];
const DEFAULT_DAYS = 7;

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

/** Keeps what the page understands and drops the rest. */
export function parseAuditSearch(search: Record<string, unknown>): AuditSearch {
  const parsed: AuditSearch = {
    range: search.range === 'all' ? 'all' : undefined,
    from: day(search.from),
    to: day(search.to),
    person: text(search.person),
    action: text(search.action),
    object: text(search.object),
    record: text(search.record),
    outcome: OUTCOMES.find((outcome) => outcome === search.outcome),
    entry: Number.isSafeInteger(search.entry) ? Number(search.entry) : undefined,
  };
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
}

export interface Period {
  from: Date | null;
  to: Date | null;
}

/**
 * The time that is looked at: whole days. A link to one record's history wants all of it; the plain page the last
 * seven days, because nobody reads a year from the top.
 */
export function periodOf({ range, from, to, record }: AuditSearch, now: Date): Period {
  if (from !== undefined || to !== undefined) {
    return { from: from === undefined ? null : startOf(from), to: to === undefined ? null : dayAfter(to) };
  }
  if (range === 'all' || record !== undefined) return { from: null, to: null };
  return { from: new Date(now.getFullYear(), now.getMonth(), now.getDate() - DEFAULT_DAYS + 1), to: null };
}

function startOf(date: string): Date {
  return new Date(`${date}T00:00:00`);
}

function dayAfter(last: string): Date {
  const date = startOf(last);
  date.setDate(date.getDate() + 1);
  return date;
}

/** What the server is asked for: times as UTC instants, the open panel left out. */
export function ledgerParams(search: AuditSearch, now: Date) {
  const { from, to } = periodOf(search, now);
  const { person, action, object, record, outcome } = search;
  return { from: from?.toISOString(), to: to?.toISOString(), person, action, object, record, outcome };
}
