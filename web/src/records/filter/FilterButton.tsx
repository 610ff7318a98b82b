import { FilterOutlined } from '@ant-design/icons';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import type { Condition, ObjectMeta } from '@/api/types';
import { records } from '../texts';
import { countRows, EMPTY_GROUP, fromCondition, toCondition, type FilterGroup } from './filter';
import { FilterGroupEditor } from './FilterGroupEditor';
import styles from './filter.module.css';

interface FilterButtonProps {
  object: ObjectMeta;
  value: Condition | undefined;
  onChange: (condition: Condition | undefined) => void;
}

/** Opens the filter builder. What is built takes effect with "apply", so that half a thought asks nothing. */
export function FilterButton({ object, value, onChange }: FilterButtonProps) {
  const t = records.useText();
  const [open, setOpen] = useState(false);
  const fields = object.fields.filter((field) => field.filterable);
  const applied = fromCondition(value, fields);
  const [draft, setDraft] = useState<FilterGroup>(EMPTY_GROUP);
  const count = value === undefined ? 0 : applied === null ? 1 : countRows(applied);

  const openChange = (next: boolean) => {
    if (next) {
      setDraft(applied ?? EMPTY_GROUP);
    }
    setOpen(next);
  };
  const apply = (group: FilterGroup) => {
    onChange(toCondition(group, fields));
    setOpen(false);
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={openChange}
      title={t('filter.title')}
      content={
        <div className={styles.builder}>
          {applied === null && open ? <p className={styles.help}>{t('filter.custom')}</p> : null}
          <FilterGroupEditor group={draft} fields={fields} onChange={setDraft} />
          <p className={styles.help}>{t('filter.encrypted')}</p>
          <div className={styles.actions}>
            <Button size="small" onClick={() => apply(EMPTY_GROUP)}>{t('filter.clear')}</Button>
            <Button size="small" type="primary" onClick={() => apply(draft)}>{t('filter.apply')}</Button>
          </div>
        </div>
      }
    >
      <Badge count={count} size="small" color="blue" offset={[-6, 2]}>
        <Button icon={<FilterOutlined />}>{t('list.filter')}</Button>
      </Badge>
    </Popover>
  );
}
