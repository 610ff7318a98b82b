import { Alert } from 'antd';
import type { ImportJob } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { Counts, type CountItem } from './Counts';
import styles from './imports.module.css';
import { tally } from './tally';
import { importTexts } from './texts';

/** Where every row ended, and the sum that proves it (DESIGN 3.10). */
export function ProgressCounts({ job }: { job: ImportJob }) {
  const t = importTexts.useText();
  const { number } = useFormats();
  const { progress, object } = job;
  const { missing, left } = tally(progress);
  const items: CountItem[] = [
    { name: t('count.created'), value: progress.created, tone: 'good' },
    { name: t('count.updated'), value: progress.updated, tone: 'good' },
    { name: t('count.skipped'), value: progress.skipped, tone: 'warn' },
    { name: t('count.failed'), value: progress.failed, tone: 'bad' },
  ];
  if (object === 'communication') items.push({ name: t('count.unmatched'), value: progress.unmatched, tone: 'warn' });
  if (progress.near) items.push({ name: t('count.near'), value: progress.near, tone: 'warn' });
  if (left !== null && left > 0) items.push({ name: t('count.left'), value: left });
  return (
    <>
      <Counts items={items} />
      <p className={styles.sum}>
        {t('count.sum', {
          created: number(progress.created),
          updated: number(progress.updated),
          skipped: number(progress.skipped),
          failed: number(progress.failed),
          done: number(progress.done),
        })}
      </p>
      {missing !== 0 && <Alert type="error" showIcon title={t('count.missing', { rows: number(missing) })} />}
    </>
  );
}
