import { Drawer } from 'antd';
import type { LedgerEntry } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { DataState, StateFace } from '@/ui/DataState';
import { FileSearchOutlined } from '@ant-design/icons';
import type { AuditSearch } from './audit-search';
import { EntryFacts } from './EntryFacts';
import { ProofView } from './ProofView';
import styles from './audit.module.css';
import { auditTexts } from './texts';

interface EntryDrawerProps {
  seq: number | undefined;
  /** Absent when the list does not hold it. */
  entry: LedgerEntry | undefined;
  pending: boolean;
  onShow: (part: AuditSearch) => void;
  onClose: () => void;
}

/** Everything one entry says, as people read it, as machines read it, and the proof that it is in the ledger. */
export function EntryDrawer({ seq, entry, pending, onShow, onClose }: EntryDrawerProps) {
  const t = auditTexts.useText();
  const phone = usePhone();
  return (
    <Drawer
      open={seq !== undefined}
      onClose={onClose}
      destroyOnHidden
      mask={false}
      size={phone ? '100%' : 560}
      title={t('entry.title', { seq: seq ?? '' })}
    >
      <DataState query={{ isPending: pending, error: null }}>
        {entry ? (
          <div className={styles.panel}>
            <EntryFacts entry={entry} onShow={onShow} />
            <ProofView key={entry.seq} seq={entry.seq} leafHash={entry.leaf_hash} />
            <details>
              <summary>{t('entry.raw')}</summary>
              <pre className={styles.raw}>{JSON.stringify(entry, null, 2)}</pre>
            </details>
          </div>
        ) : (
          <StateFace icon={<FileSearchOutlined />} title={t('entry.gone')} />
        )}
      </DataState>
    </Drawer>
  );
}
