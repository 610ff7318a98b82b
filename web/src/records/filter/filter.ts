/**
 * What the filter builder edits: a group of rows and sub-groups. It compiles to a `Condition` and is read back from
 * one; a condition that people cannot have built here is left alone and shown as such.
 */
import type { Circle, Condition, ConditionValue, FieldMeta, FilterOp } from '@/api/types';

/** Operators as people choose them; some compile to more than one test. */
export type RowOp =
  | 'eq' | 'ne' | 'in' | 'not_in' | 'lt' | 'le' | 'gt' | 'ge' | 'is_empty' | 'not_empty' | 'contains' | 'starts_with'
  | 'is_me' | 'my_department' | 'my_subtree' | 'my_reports'
  | 'today' | 'past_days' | 'next_days' | 'before_days' | 'before' | 'after';

export type RowValue = string | number | boolean | string[] | null;

export interface FilterRow {
  field: string;
  op: RowOp;
  value: RowValue;
}

export interface FilterGroup {
  match: 'all' | 'any';
  items: (FilterRow | FilterGroup)[];
}

export const EMPTY_GROUP: FilterGroup = { match: 'all', items: [] };

export function isGroup(item: FilterRow | FilterGroup): item is FilterGroup {
  return 'match' in item;
}

const WITHOUT_VALUE = new Set<RowOp>(['is_empty', 'not_empty', 'is_me', 'my_department', 'my_subtree', 'my_reports', 'today']);
const DAYS = new Set<RowOp>(['past_days', 'next_days', 'before_days']);

export function needsValue(op: RowOp): boolean {
  return !WITHOUT_VALUE.has(op);
}

export function takesDays(op: RowOp): boolean {
  return DAYS.has(op);
}

export function takesList(op: RowOp): boolean {
  return op === 'in' || op === 'not_in';
}

/** The operators worth offering for a field, the most used first. */
export function opsFor(field: FieldMeta): RowOp[] {
  const can = (op: FilterOp) => field.filter_ops.includes(op);
  const ops: RowOp[] = [];
  switch (field.type) {
    case 'select':
      if (can('in')) ops.push('in', 'not_in');
      else ops.push('eq', 'ne');
      break;
    case 'person':
      ops.push('is_me');
      if (can('in')) ops.push('my_department', 'my_subtree', 'my_reports');
      ops.push('eq', 'ne');
      break;
    case 'department':
      if (can('in')) ops.push('my_department', 'my_subtree');
      ops.push('eq', 'ne');
      break;
    case 'date':
    case 'datetime':
      ops.push('today', 'past_days', 'next_days', 'before_days', 'before', 'after');
      break;
    case 'int':
    case 'money':
    case 'duration':
      ops.push(...(['ge', 'le', 'gt', 'lt', 'eq'] as const).filter(can));
      break;
    default:
      ops.push(...(['eq', 'contains', 'starts_with'] as const).filter(can));
  }
  if (can('is_empty')) ops.push('is_empty', 'not_empty');
  return ops;
}

/** A row is asked for only once it is complete; half-typed ones wait. */
export function isComplete(row: FilterRow): boolean {
  if (!needsValue(row.op)) return true;
  if (Array.isArray(row.value)) return row.value.length > 0;
  return row.value !== null && row.value !== '';
}

export function countRows(group: FilterGroup): number {
  return group.items.reduce((sum, item) => sum + (isGroup(item) ? countRows(item) : isComplete(item) ? 1 : 0), 0);
}

function test(field: string, op: FilterOp, value?: ConditionValue): Condition {
  return value === undefined ? { field, op } : { field, op, value };
}

function circle(row: FilterRow, type: FieldMeta['type'], around: Circle): Condition {
  return test(row.field, 'in', type === 'department' ? { my_departments: around } : { my_people: around });
}

function rowCondition(row: FilterRow, type: FieldMeta['type']): Condition {
  const { field, value } = row;
  const today = (days: number): ConditionValue => ({ today: { days } });
  const days = Number(value);
  switch (row.op) {
    case 'is_me': return test(field, 'eq', { me: true });
    case 'my_department': return circle(row, type, 'department');
    case 'my_subtree': return circle(row, type, 'subtree');
    case 'my_reports': return circle(row, type, 'reports');
    case 'not_empty': return { not: test(field, 'is_empty') };
    case 'is_empty': return test(field, 'is_empty');
    case 'not_in': return { not: test(field, 'in', value) };
    case 'today': return { all: [test(field, 'ge', today(0)), test(field, 'lt', today(1))] };
    // Today counts as the last of the past days and the first of the coming ones.
    case 'past_days': return { all: [test(field, 'ge', today(1 - days)), test(field, 'lt', today(1))] };
    case 'next_days': return { all: [test(field, 'ge', today(0)), test(field, 'lt', today(days))] };
    case 'before_days': return test(field, 'lt', today(-days));
    case 'before': return test(field, 'lt', value);
    case 'after': return test(field, 'ge', value);
    default: return test(field, row.op, value);
  }
}

/** The condition of a group; nothing when no row is complete. */
export function toCondition(group: FilterGroup, fields: readonly FieldMeta[]): Condition | undefined {
  const parts = group.items.flatMap((item) => {
    if (isGroup(item)) {
      const inner = toCondition(item, fields);
      return inner === undefined ? [] : [inner];
    }
    const meta = fields.find((field) => field.name === item.field);
    return meta !== undefined && isComplete(item) ? [rowCondition(item, meta.type)] : [];
  });
  if (parts.length === 0) return undefined;
  return group.match === 'all' ? { all: parts } : { any: parts };
}

function operand(condition: Condition): ConditionValue | undefined {
  return 'field' in condition ? condition.value : undefined;
}

function todayDays(condition: Condition | undefined, op: FilterOp): number | null {
  if (condition === undefined || !('field' in condition) || condition.op !== op) return null;
  const value = operand(condition);
  return typeof value === 'object' && value !== null && 'today' in value ? value.today.days : null;
}

/** `[ge today a, lt today b]` on one field, as the rows above write it. */
function readDayRange(parts: Condition[]): FilterRow | null {
  const [from, until] = parts;
  if (parts.length !== 2 || from === undefined || until === undefined) return null;
  if (!('field' in from) || !('field' in until) || from.field !== until.field) return null;
  const start = todayDays(from, 'ge');
  const end = todayDays(until, 'lt');
  if (start === null || end === null) return null;
  if (start === 0 && end === 1) return { field: from.field, op: 'today', value: null };
  if (end === 1 && start < 0) return { field: from.field, op: 'past_days', value: 1 - start };
  if (start === 0 && end > 1) return { field: from.field, op: 'next_days', value: end };
  return null;
}

const CIRCLE_OPS: Record<Circle, RowOp> = { department: 'my_department', subtree: 'my_subtree', reports: 'my_reports' };

function readTest(condition: Extract<Condition, { field: string }>, fields: readonly FieldMeta[]): FilterRow | null {
  const { field, op, value } = condition;
  const meta = fields.find((candidate) => candidate.name === field);
  if (meta === undefined) return null;
  if (op === 'is_empty') return { field, op, value: null };
  if (Array.isArray(value)) {
    return op === 'in' && value.every((item) => typeof item === 'string') ? { field, op, value } : null;
  }
  if (typeof value === 'object' && value !== null) {
    if ('me' in value) return op === 'eq' ? { field, op: 'is_me', value: null } : null;
    if ('my_people' in value) return { field, op: CIRCLE_OPS[value.my_people], value: null };
    if ('my_departments' in value) return { field, op: CIRCLE_OPS[value.my_departments], value: null };
    const days = todayDays(condition, 'lt');
    return days !== null && days < 0 ? { field, op: 'before_days', value: -days } : null;
  }
  if (value === undefined) return null;
  if (meta.type === 'date' || meta.type === 'datetime') {
    if (op === 'lt') return { field, op: 'before', value };
    if (op === 'ge') return { field, op: 'after', value };
  }
  return { field, op, value };
}

function readItem(condition: Condition, fields: readonly FieldMeta[], depth: number): FilterRow | FilterGroup | null {
  if ('field' in condition) return readTest(condition, fields);
  if ('not' in condition) {
    if (!('field' in condition.not)) return null;
    const row = readTest(condition.not, fields);
    if (row?.op === 'in') return { ...row, op: 'not_in' };
    if (row?.op === 'is_empty') return { ...row, op: 'not_empty' };
    return null;
  }
  if ('all' in condition) {
    const range = readDayRange(condition.all);
    if (range !== null) return range;
  }
  return depth === 0 ? null : readGroup(condition, fields, depth);
}

function readGroup(condition: Condition, fields: readonly FieldMeta[], depth: number): FilterGroup | null {
  const match = 'all' in condition ? 'all' : 'any';
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : null;
  if (parts === null) return null;
  const items: (FilterRow | FilterGroup)[] = [];
  for (const part of parts) {
    const item = readItem(part, fields, depth - 1);
    if (item === null) return null;
    items.push(item);
  }
  return { match, items };
}

/** The groups a condition was built from, or null when it was not built here. */
export function fromCondition(condition: Condition | undefined, fields: readonly FieldMeta[]): FilterGroup | null {
  if (condition === undefined) return EMPTY_GROUP;
  if ('field' in condition || 'not' in condition) {
    const row = readItem(condition, fields, 0);
    return row === null ? null : { match: 'all', items: [row] };
  }
  return readGroup(condition, fields, 2);
}

/** Both must hold; either may be missing. */
export function both(first: Condition | undefined, second: Condition | undefined): Condition | undefined {
  if (first === undefined) return second;
  if (second === undefined) return first;
  return { all: [first, second] };
}
