import type { ObjectName, RecordItem } from '@/api/types';

/** The field that names a record of each built-in object. */
export const TITLE_FIELD: Record<ObjectName, string> = {
  customer: 'name',
  contact: 'name',
  deal: 'title',
  communication: 'subject',
  task: 'title',
};

export function recordTitle(object: ObjectName, item: RecordItem): string {
  const title = item[TITLE_FIELD[object]];
  return typeof title === 'string' && title !== '' ? title : '—';
}
