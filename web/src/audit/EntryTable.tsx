import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { LedgerEntry } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import styles from './audit.module.css';
import { EntryRow } from './EntryRow';
import { auditTexts } from './texts';

const ROW = { desk: 34, phone: 68 };
/** Rows before the end at which the next page is asked for. */
const AHEAD = 30;
const COLUMNS = ['time', 'person', 'action', 'object', 'count', 'fields', 'reason', 'network', 'outcome'] as const;

interface EntryTableProps {
  entries: LedgerEntry[];
  open: number | undefined;
  onOpen: (seq: number) => void;
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
}

/** Only the rows in view are in the document, however far one scrolls back. */
export function EntryTable({ entries, open, onOpen, hasMore, loading, onMore }: EntryTableProps) {
  const t = auditTexts.useText();
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (phone ? ROW.phone : ROW.desk),
    overscan: 12,
  });
  const last = rows.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loading && last >= entries.length - AHEAD) onMore();
  }, [hasMore, loading, last, entries.length, onMore]);

  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label={t('list.label')}>
      <div role="table" aria-label={t('list.label')} aria-rowcount={hasMore ? -1 : entries.length} className={styles.table}>
        {!phone && (
          <div role="rowgroup" className={styles.head}>
            <div role="row" className={styles.headRow}>
              {COLUMNS.map((column) => (
                <span key={column} role="columnheader">
                  {t(`column.${column}`)}
                </span>
              ))}
            </div>
          </div>
        )}
        <div role="rowgroup" className={styles.rows} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start, size }) => {
            const entry = entries[index];
            return (
              entry && (
                <EntryRow key={entry.seq} entry={entry} index={index} top={start} height={size} open={entry.seq === open} phone={phone} onOpen={onOpen} />
              )
            );
          })}
        </div>
      </div>
      <p className={styles.end} role="status">
        {loading ? t('list.loading') : !hasMore && t('list.end')}
      </p>
    </div>
  );
}
