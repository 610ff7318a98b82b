import { memo } from 'react';
import type { RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ChannelIcon } from '@/records/timeline/channels';
import { recordTitle } from '@/ui/record-title';
import styles from './inbox.module.css';

interface InboxRowProps {
  item: RecordItem;
  open: boolean;
  onOpen: () => void;
}

export const InboxRow = memo(function InboxRow({ item, open, onOpen }: InboxRowProps) {
  const { relative } = useFormats();
  const who = item._labels.customer ?? (typeof item.from_address === 'string' ? item.from_address : '');
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return (
    <button type="button" className={styles.rowButton} data-row={item.id} aria-current={open ? 'true' : undefined} onClick={onOpen}>
      <span className={styles.rowIcon} aria-hidden="true"><ChannelIcon channel={item.channel} /></span>
      <span className={styles.rowText}>
        <span className={styles.rowTop}>
          <strong>{who}</strong>
          <span className={styles.quiet}>{relative(text(item.occurred_at))}</span>
        </span>
        <span className={styles.rowSubject}>{recordTitle('communication', item)}</span>
        <span className={styles.rowBody}>{text(item.body)}</span>
      </span>
    </button>
  );
});
