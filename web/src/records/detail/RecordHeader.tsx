import { DeleteOutlined, EditOutlined, SwapOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import type { ObjectMeta, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { recordTitle } from '@/ui/record-title';
import { common } from '@/ui/texts';
import { FieldView } from '../fields/FieldView';
import { InlineEditor } from '../fields/InlineEditor';
import { OptionTag } from '../fields/OptionTag';
import { records } from '../texts';
import { useDelete } from '../useDelete';
import { useFieldUpdate } from '../useFieldUpdate';
import { findField, useObjectRights } from '../useObject';
import { AssignButton } from './AssignButton';
import { AuditLink } from './AuditLink';
import styles from './detail.module.css';

/** Choices worth seeing beside the title. */
const TAGS = ['stage', 'level', 'status', 'priority', 'channel', 'role'];
/** Masked identifiers and references worth seeing under it. */
const FACTS = ['customer', 'phone', 'email', 'amount', 'due_at'];

interface RecordHeaderProps {
  object: ObjectMeta;
  record: RecordItem;
  extra?: ReactNode;
  /** The title is the page's own heading, or one of a panel. */
  heading?: 'h1' | 'h2';
  onDeleted: () => void;
}

/** Who or what this is, at a glance. */
export function RecordHeader({ object, record, extra, heading: Heading = 'h2', onDeleted }: RecordHeaderProps) {
  const t = records.useText();
  const tc = common.useText();
  const { label } = useFormats();
  const may = useObjectRights(object.name);
  const remove = useDelete(object.name, onDeleted);
  const update = useFieldUpdate(object.name);
  const [renaming, setRenaming] = useState(false);
  const title = findField(object, object.title_field);
  const present = (name: string) => record[name] !== null && record[name] !== undefined && record[name] !== '';
  const named = (names: string[]) => names.filter(present).map((name) => findField(object, name)).filter((field) => field !== undefined);
  const renamable = title !== undefined && title.access === 'write' && record._can.update;
  return (
    <div className={styles.header}>
      <div className={styles.headLine}>
        {renaming && title !== undefined ? (
          <InlineEditor
            field={title}
            item={record}
            onCancel={() => setRenaming(false)}
            onSave={(value) => {
              setRenaming(false);
              if (value !== record[title.name]) update({ record, field: title, value });
            }}
          />
        ) : (
          <Heading className={styles.title} title={renamable ? t('list.editHint') : undefined} onDoubleClick={renamable ? () => setRenaming(true) : undefined}>
            {recordTitle(object.name, record)}
          </Heading>
        )}
        <div className={styles.headActions}>
          {extra}
          {renamable ? (
            <Button type="text" icon={<EditOutlined />} aria-label={t('field.edit', { field: label(title.label) })} title={t('field.edit', { field: label(title.label) })} onClick={() => setRenaming(true)} />
          ) : null}
          {record._can.assign && may('assign') ? (
            <AssignButton object={object.name} record={record}>
              <Button type="text" icon={<SwapOutlined />} aria-label={t('detail.assign')} title={t('detail.assign')} />
            </AssignButton>
          ) : null}
          <AuditLink record={record.id} />
          {record._can.delete ? (
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={tc('delete')}
              title={tc('delete')}
              loading={remove.isPending}
              onClick={() => remove.mutate(record)}
            />
          ) : null}
        </div>
      </div>
      <div className={styles.facts}>
        {named(TAGS).map((field) => <OptionTag key={field.name} field={field} value={String(record[field.name])} />)}
        {record._labels.owner === undefined ? null : <span className={styles.quiet}>{t('detail.owner')} {record._labels.owner}</span>}
        {named(FACTS).map((field) => (
          <span key={field.name} className={styles.fact}>
            <span className={styles.quiet}>{label(field.label)}</span> <FieldView object={object.name} field={field} record={record} />
          </span>
        ))}
      </div>
    </div>
  );
}
