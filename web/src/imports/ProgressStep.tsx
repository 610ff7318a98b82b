import { Progress } from 'antd';
import type { ImportJob } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { useProblem } from '@/ui/useProblem';
import { useImportVerb } from './data';
import styles from './imports.module.css';
import { ProgressCounts } from './ProgressCounts';
import { secondsLeft, tally } from './tally';
import { importTexts } from './texts';
import { roughTime } from './words';

/** An import under way: how far, how fast, how long; it goes on without this page. */
export function ProgressStep({ job }: { job: ImportJob }) {
  const t = importTexts.useText();
  const { number } = useFormats();
  const { showProblem } = useProblem();
  const verb = useImportVerb(job.id);
  const { progress } = job;
  const time = secondsLeft(progress, job.per_s);
  return (
    <section className={styles.section} aria-labelledby="run-title">
      <h2 id="run-title" className={styles.subtitle}>
        {t(job.state === 'queued' ? 'run.queued' : 'run.title')}
      </h2>
      <Progress percent={tally(progress).percent} status="active" aria-label={t('run.title')} />
      <div className={styles.pace}>
        <span>{t('run.of', { done: number(progress.done), total: progress.total === null ? '?' : number(progress.total) })}</span>
        {job.per_s !== null && job.per_s > 0 && <span>{t('run.speed', { rows: number(Math.round(job.per_s)) })}</span>}
        {time !== null && <span>{t('run.left', { time: roughTime(time) })}</span>}
      </div>
      <ProgressCounts job={job} />
      <span className={styles.quiet}>{t('run.leave')}</span>
      <div className={styles.buttons}>
        <ConfirmButton question={t('cancelAsk')} explanation={t('cancelWhy')} onConfirm={() => verb.mutateAsync('cancel').catch(showProblem)}>
          {t('cancel')}
        </ConfirmButton>
      </div>
    </section>
  );
}
