import { DownloadOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { apiAddress } from '@/api/client';
import type { ImportJob, ImportRowKind } from '@/api/types';
import { LIST_PATH } from '@/records/paths';
import { useProblem } from '@/ui/useProblem';
import { useImportVerb } from './data';
import styles from './imports.module.css';
import { ProgressCounts } from './ProgressCounts';
import { ResultRows } from './ResultRows';
import { importTexts } from './texts';
import { reasonText } from './words';

const FACE = { done: 'success', failed: 'error', cancelled: 'warning' } as const;

interface ResultStepProps {
  job: ImportJob;
  rows: ImportRowKind | undefined;
  onRows: (kind: ImportRowKind) => void;
}

/** What became of every row, the rows to look at, and where to go from here. */
export function ResultStep({ job, rows, onRows }: ResultStepProps) {
  const t = importTexts.useText();
  const navigate = useNavigate();
  const { showProblem } = useProblem();
  const verb = useImportVerb(job.id);
  const state = job.state === 'failed' || job.state === 'cancelled' ? job.state : 'done';
  const { created, failed, skipped, unmatched } = job.progress;

  return (
    <section className={styles.section}>
      <Alert
        type={FACE[state]}
        showIcon
        title={t(`result.${state}`)}
        description={state !== 'done' && [job.error && reasonText(job.error.key, job.error.detail), t('result.stoppedHelp')].filter(Boolean).join(' · ')}
      />
      <ProgressCounts job={job} />
      <div className={styles.buttons}>
        {state !== 'done' && (
          <Button type="primary" loading={verb.isPending} onClick={() => verb.mutate('resume', { onError: showProblem })}>
            {t('resume')}
          </Button>
        )}
        {created > 0 && (
          <Button type={state === 'done' ? 'primary' : 'default'} onClick={() => void navigate({ to: LIST_PATH[job.object], search: { sort: '-created_at' } })}>
            {t('result.view', { objects: t(`object.${job.object}`) })}
          </Button>
        )}
        {unmatched > 0 && (
          <Button
            onClick={() =>
              void navigate({ to: '/communications', search: { filter: { field: 'status', op: 'eq', value: 'unmatched' } } })
            }
          >
            {t('result.unmatchedView')}
          </Button>
        )}
        {failed + skipped > 0 && (
          <Button icon={<DownloadOutlined />} href={apiAddress(`/imports/${job.id}/errors.csv`)} download>
            {t('result.download')}
          </Button>
        )}
        <Button onClick={() => void navigate({ to: '/imports/$id', params: { id: 'new' }, search: { object: job.object } })}>
          {t('result.again')}
        </Button>
      </div>
      <ResultRows job={job} kind={rows} onKind={onRows} />
    </section>
  );
}
