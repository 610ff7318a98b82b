import { Progress } from 'antd';
import { useFormats } from '@/i18n/format';
import { CountedList } from './CountedList';
import type { LeavingReport } from './data';
import styles from './leaving.module.css';
import { leavingTexts } from './texts';
import { useCounted } from './words';

const REASONS = ['forbidden', 'nobody', 'damaged'] as const;

/** How far the hand-over is, what moved where, what stayed and why. */
export function HandOverPart({ handOver }: { handOver: LeavingReport['hand_over'] }) {
  const t = leavingTexts.useText();
  const words = useCounted();
  const { count } = useFormats();
  if (!handOver) return <p className={styles.quiet}>{t('report.waiting')}</p>;
  const { total, moved, kept, returned, state } = handOver;
  const numbers = { total: count({ value: total, capped: false }), moved, kept, returned };
  const why = (key: string) => t(`why.${REASONS.find((reason) => reason === key) ?? 'nobody'}`);
  const done = state === 'done' || state === 'returned';
  return (
    <>
      <Progress
        percent={done ? 100 : Math.round((100 * (moved + kept)) / Math.max(total, 1))}
        status={done ? 'success' : 'active'}
        aria-label={t('report.progress')}
      />
      <p>{t('report.progressText', numbers)}</p>
      {handOver.received.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('report.received')}</h3>
          <CountedList items={handOver.received.map((r) => `${r.person.name ?? '—'}: ${words.owned(r.object, r.count)}`)} nothing="—" />
        </>
      )}
      {handOver.kept_by.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('report.kept')}</h3>
          <CountedList items={handOver.kept_by.map((k) => `${words.owned(k.object, k.count)} (${why(k.why)})`)} nothing="—" />
        </>
      )}
    </>
  );
}
