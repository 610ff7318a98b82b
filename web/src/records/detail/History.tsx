import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { historyQuery } from '@/api/records';
import type { ObjectMeta } from '@/api/types';
import { DataState } from '@/ui/DataState';
import { records } from '../texts';
import { ChangeItem } from '../timeline/ChangeItem';
import styles from './detail.module.css';

/** Every change of one record, the newest first. */
export function History({ object, id }: { object: ObjectMeta; id: string }) {
  const t = records.useText();
  const query = useInfiniteQuery(historyQuery(object.name, id));
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <DataState query={query} isEmpty={events.length === 0} empty={{ title: t('detail.noHistory') }}>
      <ol className={styles.history}>
        {events.map((event) => (event.kind === 'change' ? <li key={event.id}><ChangeItem event={event} withDay /></li> : null))}
      </ol>
      {query.hasNextPage ? (
        <Button block type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('timeline.more')}</Button>
      ) : null}
    </DataState>
  );
}
