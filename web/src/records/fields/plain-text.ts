import type { FieldMeta, RecordItem } from '@/api/types';
import type { Formats } from '@/i18n/format';
import { common } from '@/ui/texts';

/** A value in plain words: for timelines, dialogs and titles. */
export function plainText(field: FieldMeta, value: RecordItem[string], labels: Record<string, string>, format: Formats): string {
  if (value === null || value === undefined || value === '' || typeof value === 'object') return common.text('none');
  const text = String(value);
  switch (field.type) {
    case 'select': {
      const option = field.options?.find((candidate) => candidate.value === text);
      return option === undefined ? text : format.label(option.label);
    }
    case 'person':
    case 'department':
    case 'ref':
      return labels[field.name] ?? text;
    case 'datetime':
      return format.dateTime(text);
    case 'date':
      return format.date(text);
    case 'money':
      return format.money(Number(value));
    case 'duration':
      return format.duration(Number(value));
    case 'bool':
      return value === true ? common.text('yes') : common.text('no');
    default:
      return text;
  }
}
