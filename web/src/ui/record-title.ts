import type { ObjectName, RecordItem } from '@/api/types';

/** The field that names a record of each built-in object. */
export const TITLE_FIELD: Record<ObjectName, string> = {
  customer: 'name',
  contact: 'name',
  deal: 'title',
  communication: 'subject',
  task: 'title',
};

/** A conversation without a subject is called by how it begins. */
const BEGINNING = 48;

export function recordTitle(object: ObjectName, item: RecordItem): string {
  const title = item[TITLE_FIELD[object]];
  if (typeof title === 'string' && title !== '') return title;
  return object === 'communication' && typeof item.body === 'string' && item.body !== '' ? item.body.slice(0, BEGINNING) : '—';
}
