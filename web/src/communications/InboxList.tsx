import { useVirtualizer } from '@tanstack/react-virtual';
import { Spin } from 'antd';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { usePhone } from '@/app/usePhone';
import type { ListState } from '@/records/list/useListState';
import type { useRecordPages } from '@/records/list/useRecordPages';
import { records } from '@/records/texts';
import { DataState } from '@/ui/DataState';
import styles from './inbox.module.css';
import { InboxRow } from './InboxRow';
import { communications } from './texts';

const ROW_HEIGHT = 76;
const FETCH_AHEAD = 20;

interface InboxListProps {
  state: ListState;
  pages: ReturnType<typeof useRecordPages>;
}

/** The middle pane: one line of who, what and when each. */
export function InboxList({ state, pages }: InboxListProps) {
  const t = communications.useText();
  const tr = records.useText();
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const { items, hasMore, isFetchingMore, more } = pages;
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 8 });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isFetchingMore && lastShown >= items.length - FETCH_AHEAD) more();
  }, [hasMore, isFetchingMore, lastShown, items.length, more]);

  const opened = items.findIndex((item) => item.id === state.search.open);
  const keyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = items[Math.max(0, opened + step)];
    if (step === 0 || next === undefined || phone) return;
    event.preventDefault();
    state.open(next.id);
    virtual.scrollToIndex(Math.max(0, opened + step));
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${next.id}"]`)?.focus());
  };
  const unmatched = state.view.key === 'unmatched';
  return (
    <div ref={scroller} className={styles.list} data-stale={pages.query.isPlaceholderData}>
      <DataState
        query={pages.query}
        isEmpty={items.length === 0}
        empty={{ title: t('list.none'), help: unmatched ? undefined : tr('list.empty.communication') }}
      >
        <ul className={styles.rows} style={{ height: virtual.getTotalSize() }} aria-label={t('list.label')} onKeyDown={keyDown}>
          {shown.map(({ index, start }) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <li key={item.id} className={styles.row} style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}>
                <InboxRow item={item} open={item.id === state.search.open} onOpen={() => state.open(item.id)} />
              </li>
            );
          })}
        </ul>
        {isFetchingMore ? <div className={styles.foot}><Spin size="small" /></div> : null}
      </DataState>
    </div>
  );
}
