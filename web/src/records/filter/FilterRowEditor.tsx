import { CloseOutlined } from '@ant-design/icons';
import { Button, InputNumber, Select } from 'antd';
import type { FieldMeta } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { FieldInput } from '../fields/FieldInput';
import { records } from '../texts';
import { needsValue, opsFor, takesDays, takesList, type FilterRow, type RowOp, type RowValue } from './filter';
import styles from './filter.module.css';

interface FilterRowEditorProps {
  row: FilterRow;
  fields: FieldMeta[];
  onChange: (row: FilterRow) => void;
  onRemove: () => void;
}

/** One line: field, operator, value. */
export function FilterRowEditor({ row, fields, onChange, onRemove }: FilterRowEditorProps) {
  const t = records.useText();
  const { label } = useFormats();
  const field = fields.find((candidate) => candidate.name === row.field);
  const ops = field === undefined ? [] : opsFor(field);
  const op = ops.includes(row.op) ? row.op : (ops[0] ?? row.op);
  const chooseField = (name: string) => {
    const next = fields.find((candidate) => candidate.name === name);
    if (next !== undefined) onChange({ field: name, op: opsFor(next)[0] ?? 'eq', value: null });
  };
  const chooseOp = (next: RowOp) => onChange({ ...row, op: next, value: sameShape(op, next) ? row.value : null });
  return (
    <div className={styles.row}>
      <Select
        size="small"
        className={styles.field}
        aria-label={t('filter.field')}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        value={row.field}
        options={fields.map((candidate) => ({ value: candidate.name, label: label(candidate.label) }))}
        onChange={chooseField}
      />
      <Select
        size="small"
        className={styles.op}
        aria-label={t('filter.op')}
        popupMatchSelectWidth={false}
        value={op}
        options={ops.map((candidate) => ({ value: candidate, label: t(`op.${candidate}`) }))}
        onChange={chooseOp}
      />
      <div className={styles.value}>
        {field !== undefined && needsValue(op) ? <ValueInput field={field} op={op} value={row.value} onChange={(value) => onChange({ ...row, op, value })} /> : null}
      </div>
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t('filter.remove')} onClick={onRemove} />
    </div>
  );
}

function sameShape(before: RowOp, after: RowOp): boolean {
  return takesDays(before) === takesDays(after) && takesList(before) === takesList(after);
}

interface ValueInputProps {
  field: FieldMeta;
  op: RowOp;
  value: RowValue;
  onChange: (value: RowValue) => void;
}

function ValueInput({ field, op, value, onChange }: ValueInputProps) {
  const t = records.useText();
  const { label } = useFormats();
  if (takesDays(op)) {
    return (
      <InputNumber
        size="small"
        min={1}
        max={3650}
        precision={0}
        aria-label={t('filter.value')}
        suffix={t('filter.days')}
        value={typeof value === 'number' ? value : null}
        onChange={onChange}
      />
    );
  }
  if (takesList(op)) {
    return (
      <Select
        size="small"
        mode="multiple"
        className={styles.full}
        aria-label={t('filter.value')}
        maxTagCount="responsive"
        popupMatchSelectWidth={false}
        value={Array.isArray(value) ? value : []}
        options={(field.options ?? []).map((option) => ({ value: option.value, label: label(option.label) }))}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(next: string[]) => onChange(next)}
      />
    );
  }
  return <FieldInput field={field} value={Array.isArray(value) ? null : value} onChange={onChange} />;
}
