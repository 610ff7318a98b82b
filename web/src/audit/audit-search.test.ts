import { describe, expect, it } from 'vitest';
import { ledgerParams, parseAuditSearch, periodOf } from './audit-search';

const now = new Date(2026, 10, 23, 15, 30);

describe('the address of the audit page', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(parseAuditSearch({ from: '2026-11-01', to: 'soon', outcome: 'refused', entry: 42, x: 1, person: '' })).toEqual({
      from: '2026-11-01', outcome: 'refused', entry: 42,
    });
  });

  it('looks at the last seven days, today included, unless told otherwise', () => {
    expect(periodOf({}, now)).toEqual({ from: new Date(2026, 10, 17), to: null });
    expect(periodOf({ range: 'all' }, now)).toEqual({ from: null, to: null });
  });

  it('shows the whole history of one record', () => {
    expect(periodOf({ record: 'r1' }, now)).toEqual({ from: null, to: null });
  });

  it('includes the last day, across the end of a month', () => {
    expect(periodOf({ from: '2026-10-31', to: '2026-10-31' }, now)).toEqual({
      from: new Date(2026, 9, 31), to: new Date(2026, 10, 1),
    });
  });

  it('asks the server for instants and not for the open panel', () => {
    const params = ledgerParams({ from: '2026-11-01', entry: 9, action: 'reveal' }, now);
    expect(params).toMatchObject({ from: new Date(2026, 10, 1).toISOString(), action: 'reveal' });
    expect(params).not.toHaveProperty('entry');
  });
});
