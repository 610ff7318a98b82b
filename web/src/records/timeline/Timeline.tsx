import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { timelineQuery, type TimelineRequest } from '@/api/records';
import type { TimelineEvent } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { records } from '../texts';
import { ChangeItem } from './ChangeItem';
import { CommunicationItem } from './CommunicationItem';
import { groupByDay } from './group-by-day';
import { TimelineFilter } from './TimelineFilter';
import styles from './timeline.module.css';

/** Every conversation and every change of one customer, by day, endless. */
export function Timeline({ customer }: { customer: string }) {
  const t = records.useText();
  const format = useFormats();
  const [request, setRequest] = useState<TimelineRequest>({});
  const query = useInfiniteQuery(timelineQuery(customer, request));
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Object.values(request).some((value) => value !== undefined);
  const end = useEndReached(query.hasNextPage && !query.isFetchingNextPage, () => void query.fetchNextPage());
  return (
    <section aria-label={t('timeline.label')} className={styles.timeline}>
      <TimelineFilter value={request} onChange={setRequest} />
      <DataState
        query={query}
        isEmpty={events.length === 0}
        empty={narrowed ? { title: t('timeline.noMatch') } : { title: t('timeline.empty'), help: t('timeline.empty.help') }}
        loading={<Skeleton active avatar paragraph={{ rows: 6 }} />}
      >
        {groupByDay(events).map((day) => (
          <section key={day.key} aria-label={format.day(day.at)}>
            <h3 className={styles.day}>{format.day(day.at)}</h3>
            <ol className={styles.events}>
              {day.events.map((event) => <li key={`${event.kind}-${event.id}`}><EventItem event={event} /></li>)}
            </ol>
          </section>
        ))}
        {query.hasNextPage ? (
          <div ref={end} className={styles.more}>
            <Button type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('timeline.more')}</Button>
          </div>
        ) : null}
      </DataState>
    </section>
  );
}

function EventItem({ event }: { event: TimelineEvent }) {
  return event.kind === 'communication' ? <CommunicationItem event={event} /> : <ChangeItem event={event} />;
}

/** Calls back when the marked element comes into view. */
function useEndReached(active: boolean, onEnd: () => void) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!active || mark.current === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) onEnd();
    }, { rootMargin: '400px' });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [active, onEnd]);
  return mark;
}
