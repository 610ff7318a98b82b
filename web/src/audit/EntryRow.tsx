import { memo, type MouseEvent } from 'react';
import type { LedgerEntry } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ClassBadge } from '@/records/fields/ClassBadge';
import { StatusTag } from '@/ui/StatusTag';
import styles from './audit.module.css';
import { auditTexts } from './texts';
import { actionText, actorText, fieldText, objectText } from './words';

const TONE = { ok: 'plain', refused: 'warn', failed: 'bad' } as const;

interface EntryRowProps {
  entry: LedgerEntry;
  index: number;
  top: number;
  height: number;
  open: boolean;
  phone: boolean;
  onOpen: (seq: number) => void;
}

/** One entry; the action is the button that opens it, a click anywhere on the row does the same. */
function Row({ entry, index, top, height, open, phone, onOpen }: EntryRowProps) {
  const t = auditTexts.useText();
  const { number } = useFormats();
  const click = (event: MouseEvent) => {
    if (!(event.target as HTMLElement).closest('button')) onOpen(entry.seq);
  };
  const action = (
    <button type="button" className={styles.open} aria-label={`${t('list.open', { seq: entry.seq })} · ${actionText(entry.action)}`} onClick={() => onOpen(entry.seq)}>
      {actionText(entry.action)}
    </button>
  );
  const outcome = <StatusTag tone={TONE[entry.outcome]}>{t(`outcome.${entry.outcome}`)}</StatusTag>;
  const object = entry.object === null ? '' : objectText(entry.object);
  const fields = <Fields entry={entry} />;
  return (
    // The button inside serves the keyboard.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      aria-rowindex={index + 1}
      className={phone ? styles.card : styles.row}
      data-open={open}
      data-action={entry.action}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={click}
    >
      {phone ? (
        <>
          <span role="cell" className={styles.cardLine}>
            <strong>{actorText(entry)}</strong> {action} {object} {entry.record_count > 1 && `× ${number(entry.record_count)}`}
          </span>
          <span role="cell" className={styles.cardLine}>
            <Moment at={entry.at} /> {entry.outcome !== 'ok' && outcome} {entry.reason ?? fields}
          </span>
        </>
      ) : (
        <>
          <span role="cell"><Moment at={entry.at} /></span>
          <span role="cell">{actorText(entry)}</span>
          <span role="cell">{action}</span>
          <span role="cell">{object}</span>
          <span role="cell" className={styles.number}>{entry.record_count > 0 ? number(entry.record_count) : ''}</span>
          <span role="cell">{fields}</span>
          <span role="cell" title={entry.reason ?? undefined}>{entry.reason ?? ''}</span>
          <span role="cell" className={styles.mono}>{entry.network?.ip ?? ''}</span>
          <span role="cell">{outcome}</span>
        </>
      )}
    </div>
  );
}

function Moment({ at }: { at: string }) {
  const { date } = useFormats();
  const seconds = new Date(at).toTimeString().slice(0, 8);
  return (
    <time dateTime={at} className={styles.moment}>
      {date(at)} {seconds}
    </time>
  );
}

function Fields({ entry }: { entry: LedgerEntry }) {
  if (entry.fields.length === 0) return null;
  const names = entry.fields.map(fieldText).join(' · ');
  return (
    <span className={styles.fields} title={names}>
      {entry.class && <ClassBadge fieldClass={entry.class} />}
      <span className={styles.fieldNames}>{names}</span>
    </span>
  );
}

export const EntryRow = memo(Row);
