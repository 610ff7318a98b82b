import { DatePicker, Input, InputNumber, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import type { FieldMeta, FieldValue } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { DepartmentPicker } from '@/ui/DepartmentPicker';
import { PersonPicker } from '@/ui/PersonPicker';
import { RefPicker } from '@/ui/RefPicker';
import { records } from '../texts';
import styles from './fields.module.css';
import { MoneyInput } from './MoneyInput';

export interface FieldInputProps {
  id?: string;
  field: FieldMeta;
  value?: FieldValue | undefined;
  /** Name of the person or record that `value` points to. */
  label?: string | undefined;
  onChange?: (value: FieldValue) => void;
  /** A choice was made that needs no further confirmation (inline editing saves on it). */
  onPicked?: (value: FieldValue) => void;
  /** Opens at once and takes the focus: inline editing. */
  eager?: boolean;
  placeholder?: string;
}

/** The input that fits a field's type; values are those of the API. */
export function FieldInput({ id, field, value, label, onChange, onPicked, eager = false, placeholder }: FieldInputProps) {
  const t = records.useText();
  const format = useFormats();
  const pick = (next: FieldValue) => {
    onChange?.(next);
    onPicked?.(next);
  };
  const shared = { id, autoFocus: eager, 'aria-label': format.label(field.label), className: styles.wide, placeholder };
  const opened = eager ? { defaultOpen: true } : {};
  const text = typeof value === 'string' ? value : null;

  switch (field.type) {
    case 'select':
      return (
        <Select<string>
          {...shared}
          {...opened}
          allowClear={!field.required}
          value={text}
          popupMatchSelectWidth={false}
          showSearch={{ optionFilterProp: 'label' }}
          options={(field.options ?? []).map((option) => ({ value: option.value, label: format.label(option.label) }))}
          onChange={(next: string | undefined) => pick(next ?? null)}
        />
      );
    case 'person':
      return <PersonPicker {...shared} {...opened} value={text} label={label} onChange={pick} />;
    case 'department':
      return <DepartmentPicker {...shared} {...opened} value={text} onChange={pick} />;
    case 'ref':
      return field.target === undefined ? null : (
        <RefPicker {...shared} {...opened} object={field.target} value={text} label={label} onChange={pick} />
      );
    case 'datetime':
      return (
        <DatePicker
          {...shared}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          value={text === null ? null : dayjs(text)}
          onChange={(next) => pick(next === null ? null : next.toISOString())}
        />
      );
    case 'date':
      return (
        <DatePicker
          {...shared}
          value={text === null ? null : dayjs(text)}
          onChange={(next) => pick(next === null ? null : next.format('YYYY-MM-DD'))}
        />
      );
    case 'money':
      return <MoneyInput {...shared} value={typeof value === 'number' ? value : null} onChange={(next) => onChange?.(next)} />;
    case 'int':
    case 'duration':
      return (
        <InputNumber
          {...shared}
          precision={0}
          suffix={field.type === 'duration' ? t('field.seconds') : undefined}
          value={typeof value === 'number' ? value : null}
          onChange={(next) => onChange?.(next)}
        />
      );
    case 'bool':
      return <Switch id={id} aria-label={format.label(field.label)} autoFocus={eager} checked={value === true} onChange={pick} />;
    case 'long_text':
      return <Input.TextArea {...shared} rows={eager ? 3 : 4} maxLength={field.max_length} value={text ?? ''} onChange={(event) => onChange?.(event.target.value)} />;
    default:
      return (
        <Input
          {...shared}
          autoComplete="off"
          inputMode={field.type === 'phone' ? 'tel' : field.type === 'email' ? 'email' : undefined}
          maxLength={field.max_length}
          value={text ?? ''}
          onChange={(event) => onChange?.(event.target.value)}
        />
      );
  }
}
