import type { FieldMeta } from '@/api/types';
import type { Formats } from '@/i18n/format';
import { records } from '../texts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s()-]{5,20}$/;

export interface FieldRule {
  required?: boolean;
  whitespace?: boolean;
  max?: number;
  pattern?: RegExp;
  message: string;
}

/** What can be checked before asking; the server checks all of it again. */
export function rulesFor(field: FieldMeta, format: Formats): FieldRule[] {
  const t = records.text;
  const rules: FieldRule[] = [];
  const textual = ['text', 'long_text', 'phone', 'email', 'id_number', 'address', 'url'].includes(field.type);
  if (field.required) rules.push({ required: true, ...(textual ? { whitespace: true } : {}), message: t('field.required', { field: format.label(field.label) }) });
  if (field.type === 'email') rules.push({ pattern: EMAIL, message: t('field.badEmail') });
  if (field.type === 'phone') rules.push({ pattern: PHONE, message: t('field.badPhone') });
  if (textual && field.max_length !== undefined) rules.push({ max: field.max_length, message: t('field.tooLong', { count: field.max_length }) });
  return rules;
}
