import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { RecordItem, Related } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { FieldView } from '@/records/fields/FieldView';
import { CreateDrawer } from '@/records/form/CreateDrawer';
import { RecordLink } from '@/records/fields/RecordLink';
import { records } from '@/records/texts';
import { findField, useObject, useObjectRights } from '@/records/useObject';
import { TaskCheck } from '@/tasks/TaskCheck';
import { DataState } from '@/ui/DataState';
import { recordTitle } from '@/ui/record-title';
import styles from './customers.module.css';

type RelatedObject = 'contact' | 'deal' | 'task';

/** What is worth seeing of each related record. */
const FACTS: Record<RelatedObject, string[]> = {
  contact: ['title', 'role', 'phone', 'email'],
  deal: ['stage', 'amount', 'expected_close', 'owner'],
  task: ['due_at', 'priority', 'owner'],
};
const EMPTY = { contact: 'detail.noContacts', deal: 'detail.noDeals', task: 'detail.noTasks' } as const;

interface RelatedListProps {
  object: RelatedObject;
  customer: RecordItem;
  query: { data: Related | undefined; isPending: boolean; error: unknown; refetch?: () => unknown };
}

/** Contacts, deals or tasks of one customer. */
export function RelatedList({ object: name, customer, query }: RelatedListProps) {
  const t = records.useText();
  const { noun } = useFormats();
  const object = useObject(name);
  const may = useObjectRights(name);
  const [creating, setCreating] = useState(false);
  const items = query.data?.[name]?.items ?? [];
  if (object === undefined) return null;
  const add = may('create') ? (
    <Button icon={<PlusOutlined />} onClick={() => setCreating(true)}>{t('create', { object: noun(object.label) })}</Button>
  ) : undefined;
  return (
    <div className={styles.pane}>
      <DataState query={query} isEmpty={items.length === 0} empty={{ title: t(EMPTY[name]), action: add }}>
        <ul className={styles.related}>
          {items.map((item) => (
            <li key={item.id} className={styles.relatedItem}>
              {name === 'task' ? <TaskCheck task={item} /> : null}
              <div className={styles.relatedText}>
                <strong><RecordLink object={name} id={item.id} label={recordTitle(name, item)} /></strong>
                <span className={styles.facts}>
                  {FACTS[name].map((fact) => {
                    const field = findField(object, fact);
                    const value = item[fact];
                    if (field === undefined || value === null || value === undefined || value === '') return null;
                    return <FieldView key={fact} object={name} field={field} record={item} dense />;
                  })}
                </span>
              </div>
            </li>
          ))}
        </ul>
        {add}
      </DataState>
      {creating ? (
        <CreateDrawer
          object={object}
          initial={{ customer: customer.id }}
          labels={{ customer: recordTitle('customer', customer) }}
          onClose={() => setCreating(false)}
        />
      ) : null}
    </div>
  );
}
