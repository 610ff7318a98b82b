import type { FieldMeta } from '@/api/types';
import { useFormats } from '@/i18n/format';
import styles from './fields.module.css';

/**
 * A choice of a select field: coloured where the catalog gives a colour, plain words elsewhere. The words keep the
 * text colour, so that every colour is readable.
 */
export function OptionTag({ field, value }: { field: FieldMeta; value: string }) {
  const { label } = useFormats();
  const option = field.options?.find((candidate) => candidate.value === value);
  if (option === undefined) return <span>{value}</span>;
  if (option.color === undefined || option.color === '') return <span>{label(option.label)}</span>;
  return <span className={styles.option} data-colour={option.color}>{label(option.label)}</span>;
}
