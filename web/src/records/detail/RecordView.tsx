import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { recordQuery } from '@/api/records';
import type { ObjectMeta, ObjectName, RecordItem } from '@/api/types';
import { DataState } from '@/ui/DataState';
import { FieldList } from '../fields/FieldList';
import { records } from '../texts';
import { useObject } from '../useObject';
import styles from './detail.module.css';
import { History } from './History';
import { RecordHeader } from './RecordHeader';

interface RecordViewProps {
  object: ObjectName;
  id: string;
  onDeleted: () => void;
}

/** Any record that has no page of its own: header, fields, history. */
export function RecordView({ object: name, id, onDeleted }: RecordViewProps) {
  const t = records.useText();
  const object = useObject(name);
  const query = useQuery(recordQuery(name, id));
  const { data: record } = query;
  return (
    <DataState query={query}>
      {object === undefined || record === undefined ? null : (
        <div className={styles.view}>
          <RecordHeader object={object} record={record} onDeleted={onDeleted} />
          <Tabs
            className={styles.tabs}
            items={[
              { key: 'overview', label: t('detail.overview'), children: <Overview object={object} record={record} /> },
              { key: 'history', label: t('detail.history'), children: <History object={object} id={id} /> },
            ]}
          />
        </div>
      )}
    </DataState>
  );
}

/** All fields but the title, the system's own ones last. */
export function Overview({ object, record }: { object: ObjectMeta; record: RecordItem }) {
  const t = records.useText();
  const own = object.fields.filter((field) => !field.system && field.name !== object.title_field);
  const system = object.fields.filter((field) => field.system && field.name !== 'version');
  return (
    <div className={styles.overview}>
      <FieldList object={object} record={record} fields={own} />
      <h2 className={styles.subTitle}>{t('detail.system')}</h2>
      <FieldList object={object} record={record} fields={system} />
    </div>
  );
}
