import type { Condition, FieldMeta } from '@/api/types';
import { EMPTY_GROUP, fromCondition, isGroup, toCondition, type FilterRow } from '@/records/filter/filter';

/** The side filters of the inbox read and write single rows of the same filter that the builder edits. */
export function readRow(filter: Condition | undefined, fields: readonly FieldMeta[], field: string): FilterRow | undefined {
  const group = fromCondition(filter, fields);
  if (group === null || group.match !== 'all') return undefined;
  return group.items.find((item): item is FilterRow => !isGroup(item) && item.field === field);
}

/** The filter with the row of this field replaced, or taken out. */
export function writeRow(filter: Condition | undefined, fields: readonly FieldMeta[], field: string, row: FilterRow | null): Condition | undefined {
  const group = fromCondition(filter, fields) ?? EMPTY_GROUP;
  const others = group.match === 'all' ? group.items.filter((item) => isGroup(item) || item.field !== field) : [group];
  return toCondition({ match: 'all', items: row === null ? others : [...others, row] }, fields);
}
