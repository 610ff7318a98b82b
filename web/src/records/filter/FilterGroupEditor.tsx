import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import type { FieldMeta } from '@/api/types';
import { records } from '../texts';
import { isGroup, opsFor, type FilterGroup, type FilterRow } from './filter';
import { FilterRowEditor } from './FilterRowEditor';
import styles from './filter.module.css';

interface FilterGroupEditorProps {
  group: FilterGroup;
  fields: FieldMeta[];
  onChange: (group: FilterGroup) => void;
  /** Sub-groups can be removed and hold rows only: deeper logic is no longer readable. */
  onRemove?: () => void;
}

/** "all of / any of" and its rows. */
export function FilterGroupEditor({ group, fields, onChange, onRemove }: FilterGroupEditorProps) {
  const t = records.useText();
  const first = fields.find((field) => field.name === 'stage' || field.name === 'status') ?? fields[0];
  const newRow: FilterRow | null = first === undefined ? null : { field: first.name, op: opsFor(first)[0] ?? 'eq', value: null };
  const replace = (index: number, item: FilterRow | FilterGroup) => onChange({ ...group, items: group.items.with(index, item) });
  const remove = (index: number) => onChange({ ...group, items: group.items.toSpliced(index, 1) });
  const add = (item: FilterRow | FilterGroup) => onChange({ ...group, items: [...group.items, item] });
  return (
    <fieldset className={onRemove === undefined ? styles.group : styles.subGroup}>
      <div className={styles.line}>
        <Select
          size="small"
          aria-label={t('filter.match')}
          value={group.match}
          options={[{ value: 'all', label: t('filter.all') }, { value: 'any', label: t('filter.any') }]}
          onChange={(match) => onChange({ ...group, match })}
        />
        {onRemove === undefined ? null : (
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('filter.removeGroup')} onClick={onRemove} />
        )}
      </div>
      {group.items.map((item, index) =>
        isGroup(item) ? (
          // Rows have no identity of their own; their place is it.
          // oxlint-disable-next-line react/no-array-index-key
          <FilterGroupEditor key={index} group={item} fields={fields} onChange={(next) => replace(index, next)} onRemove={() => remove(index)} />
        ) : (
          // oxlint-disable-next-line react/no-array-index-key
          <FilterRowEditor key={index} row={item} fields={fields} onChange={(next) => replace(index, next)} onRemove={() => remove(index)} />
        ),
      )}
      <div className={styles.line}>
        <Button size="small" type="link" icon={<PlusOutlined />} disabled={newRow === null} onClick={() => newRow !== null && add(newRow)}>
          {t('filter.add')}
        </Button>
        {onRemove === undefined ? (
          <Button size="small" type="link" icon={<PlusOutlined />} disabled={newRow === null} onClick={() => newRow !== null && add({ match: 'any', items: [newRow] })}>
            {t('filter.addGroup')}
          </Button>
        ) : null}
      </div>
    </fieldset>
  );
}
