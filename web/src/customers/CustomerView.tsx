import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { recordQuery, relatedQuery } from '@/api/records';
import type { ObjectName, Related } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { Overview } from '@/records/detail/RecordView';
import { RecordHeader } from '@/records/detail/RecordHeader';
import { records } from '@/records/texts';
import { Composer } from '@/records/timeline/Composer';
import { Timeline } from '@/records/timeline/Timeline';
import { useObject, useObjectRights } from '@/records/useObject';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { isPast } from '@/ui/time';
import styles from './customers.module.css';
import { RelatedList } from './RelatedList';

interface CustomerViewProps {
  id: string;
  /** Beside a list everything is in tabs; the full page keeps the fields in sight. */
  layout: 'panel' | 'page';
  onDeleted: () => void;
}

/** One customer: who it is, what was said, what is next. */
export default function CustomerView({ id, layout: wanted, onDeleted }: CustomerViewProps) {
  // On a phone the fields would push the timeline out of sight.
  const layout = usePhone() ? 'panel' : wanted;
  const t = records.useText();
  const object = useObject('customer');
  const mayWrite = useObjectRights('communication')('create');
  const query = useQuery(recordQuery('customer', id));
  const related = useQuery(relatedQuery('customer', id));
  const { data: record } = query;
  return (
    <DataState query={query}>
      {object === undefined || record === undefined ? null : (
        <div className={styles.view} data-layout={layout}>
          <div className={styles.head}>
            <RecordHeader
              object={object}
              record={record}
              heading={wanted === 'page' ? 'h1' : 'h2'}
              extra={<ContactTimes next={record.next_contact_at} last={record.last_contact_at} />}
              onDeleted={onDeleted}
            />
          </div>
          {layout === 'page' ? <aside className={styles.aside} aria-label={t('detail.overview')}><Overview object={object} record={record} /></aside> : null}
          <Tabs
            className={styles.tabs}
            items={[
              {
                key: 'timeline',
                label: t('detail.timeline'),
                children: (
                  <div className={styles.pane}>
                    {mayWrite ? <Composer customer={id} /> : null}
                    <Timeline customer={id} />
                  </div>
                ),
              },
              ...(layout === 'panel' ? [{ key: 'overview', label: t('detail.overview'), children: <Overview object={object} record={record} /> }] : []),
              ...RELATED.map(({ object: name, text }) => ({
                key: name,
                label: <>{t(text)} <span className={styles.count}>{countOf(related.data, name)}</span></>,
                children: <RelatedList object={name} customer={record} query={related} />,
              })),
            ]}
          />
        </div>
      )}
    </DataState>
  );
}

const RELATED = [
  { object: 'contact', text: 'detail.contacts' },
  { object: 'deal', text: 'detail.deals' },
  { object: 'task', text: 'detail.tasks' },
] as const;

function countOf(related: Related | undefined, name: ObjectName): number | string {
  const count = related?.[name]?.count;
  return count === undefined ? '' : typeof count === 'number' ? count : count.value;
}

function ContactTimes({ next, last }: { next: unknown; last: unknown }) {
  const t = records.useText();
  const { relative } = useFormats();
  return (
    <span className={styles.times}>
      {typeof last === 'string' ? <span>{t('detail.lastContact', { when: relative(last) })}</span> : null}
      {typeof next === 'string' ? <span data-late={isPast(next)}>{t('detail.callAgain', { when: relative(next) })}</span> : null}
    </span>
  );
}
