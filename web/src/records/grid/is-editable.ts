import type { FieldMeta, RecordItem } from '@/api/types';

/** Open and confidential fields can be typed over in place; masked ones need the form. */
export function isEditable(field: FieldMeta, item: RecordItem): boolean {
  return item._can.update && field.access === 'write' && !field.system && (field.class === 'open' || field.class === 'confidential');
}
