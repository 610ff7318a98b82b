import { EditOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { FieldMeta, ObjectMeta, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { records } from '../texts';
import { useFieldUpdate } from '../useFieldUpdate';
import { ClassBadge } from './ClassBadge';
import { FieldView } from './FieldView';
import { InlineEditor } from './InlineEditor';
import styles from './fields.module.css';

interface FieldListProps {
  object: ObjectMeta;
  record: RecordItem;
  fields: FieldMeta[];
}

/** Fields of one record, each edited where it stands. */
export function FieldList({ object, record, fields }: FieldListProps) {
  const update = useFieldUpdate(object.name);
  const [editing, setEditing] = useState<string | null>(null);
  return (
    <dl className={styles.list}>
      {fields.map((field) => (
        <FieldLine
          key={field.name}
          object={object}
          field={field}
          record={record}
          editing={editing === field.name}
          onEditing={(on) => setEditing(on ? field.name : null)}
          onSave={(value, chosen) => update({ record, field, value, label: chosen })}
        />
      ))}
    </dl>
  );
}

interface FieldLineProps {
  object: ObjectMeta;
  field: FieldMeta;
  record: RecordItem;
  editing: boolean;
  onEditing: (on: boolean) => void;
  onSave: (value: string | number | boolean | null, label?: string) => void;
}

function FieldLine({ object, field, record, editing, onEditing, onSave }: FieldLineProps) {
  const t = records.useText();
  const { label } = useFormats();
  const name = label(field.label);
  const editable = record._can.update && field.access === 'write' && !field.system && field.class !== 'sealed';
  return (
    <div className={styles.line}>
      <dt className={styles.term}>
        {name}
        <ClassBadge fieldClass={field.class} />
      </dt>
      <dd className={styles.value} onDoubleClick={editable && !editing ? () => onEditing(true) : undefined}>
        {editing ? (
          <InlineEditor
            field={field}
            item={record}
            onCancel={() => onEditing(false)}
            onSave={(value, chosen) => {
              onEditing(false);
              if (value !== (record[field.name] ?? null)) onSave(value, chosen);
            }}
          />
        ) : (
          <>
            <span className={styles.shown}><FieldView object={object.name} field={field} record={record} /></span>
            {editable ? (
              <Button
                type="text"
                size="small"
                className={styles.pencil}
                icon={<EditOutlined />}
                aria-label={t('field.edit', { field: name })}
                onClick={() => onEditing(true)}
              />
            ) : null}
          </>
        )}
      </dd>
    </div>
  );
}
