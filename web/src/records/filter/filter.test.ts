import { describe, expect, it } from 'vitest';
import type { FieldMeta, FieldType, FilterOp } from '@/api/types';
import { both, countRows, fromCondition, opsFor, toCondition, type FilterGroup, type RowOp, type RowValue } from './filter';

const field = (name: string, type: FieldType, filter_ops: FilterOp[]): FieldMeta => ({
  name, type, filter_ops, label: { zh: name, en: name }, class: 'open', required: false, access: 'write', sortable: true,
  filterable: true, searchable: false, system: false, reveal: false,
});
const FIELDS = [
  field('stage', 'select', ['eq', 'ne', 'in', 'is_empty']),
  field('owner', 'person', ['eq', 'ne', 'in', 'is_empty']),
  field('department', 'department', ['eq', 'in']),
  field('created_at', 'datetime', ['lt', 'le', 'gt', 'ge', 'is_empty']),
  field('amount', 'money', ['eq', 'lt', 'le', 'gt', 'ge', 'is_empty']),
  field('phone', 'phone', ['eq']),
];
const all = (...rows: [string, RowOp, RowValue][]): FilterGroup => ({
  match: 'all',
  items: rows.map(([name, op, value]) => ({ field: name, op, value })),
});

describe('a filter', () => {
  it('survives the way to a condition and back', () => {
    const groups: FilterGroup[] = [
      all(['stage', 'in', ['lead', 'active']], ['stage', 'not_in', ['lost']]),
      all(['owner', 'is_me', null], ['owner', 'my_department', null], ['owner', 'my_reports', null], ['owner', 'eq', 'x']),
      all(['department', 'my_subtree', null]),
      all(['created_at', 'today', null], ['created_at', 'past_days', 7], ['created_at', 'next_days', 3], ['created_at', 'before_days', 30]),
      all(['created_at', 'before', '2026-01-01T00:00:00.000Z'], ['created_at', 'after', '2026-01-01T00:00:00.000Z']),
      all(['amount', 'ge', 100000], ['amount', 'is_empty', null], ['amount', 'not_empty', null]),
      { match: 'any', items: [{ field: 'stage', op: 'in', value: ['lead'] }, all(['owner', 'is_me', null], ['amount', 'gt', 5])] },
    ];
    for (const group of groups) expect(fromCondition(toCondition(group, FIELDS), FIELDS)).toEqual(group);
  });

  it('asks for nothing while rows are incomplete', () => {
    const group = all(['stage', 'in', []], ['amount', 'ge', null]);
    expect(toCondition(group, FIELDS)).toBeUndefined();
    expect(countRows(group)).toBe(0);
  });

  it('leaves out rows on fields that the caller cannot see', () => {
    expect(toCondition(all(['secret', 'eq', 1]), FIELDS)).toBeUndefined();
  });

  it('counts today among the past seven days', () => {
    expect(toCondition(all(['created_at', 'past_days', 7]), FIELDS)).toEqual({
      all: [{ all: [{ field: 'created_at', op: 'ge', value: { today: { days: -6 } } }, { field: 'created_at', op: 'lt', value: { today: { days: 1 } } }] }],
    });
  });

  it('does not pretend to understand what it cannot edit', () => {
    expect(fromCondition({ field: 'unknown', op: 'eq', value: 1 }, FIELDS)).toBeNull();
    expect(fromCondition({ not: { all: [] } }, FIELDS)).toBeNull();
    expect(fromCondition({ field: 'created_at', op: 'ge', value: { now: { days: -2 } } }, FIELDS)).toBeNull();
  });

  it('offers only operators that the server allows', () => {
    const ops = (name: string) => opsFor(FIELDS.find((candidate) => candidate.name === name) ?? field('x', 'text', []));
    expect(ops('phone')).toEqual(['eq']);
    expect(ops('department')).not.toContain('is_empty');
    expect(ops('owner')[0]).toBe('is_me');
  });
});

describe('both', () => {
  it('is the one that exists, or all of them', () => {
    const one = { field: 'stage', op: 'eq' as const, value: 'lead' };
    expect(both(undefined, undefined)).toBeUndefined();
    expect(both(one, undefined)).toBe(one);
    expect(both(one, one)).toEqual({ all: [one, one] });
  });
});
