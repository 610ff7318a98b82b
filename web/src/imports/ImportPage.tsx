import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Steps } from 'antd';
import type { ImportJob } from '@/api/types';
import { DataState } from '@/ui/DataState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { CheckStep } from './CheckStep';
import { importQuery, isMoving } from './data';
import type { ImportSearch } from './import-search';
import styles from './imports.module.css';
import { MappingStep } from './MappingStep';
import { ProgressStep } from './ProgressStep';
import { ResultStep } from './ResultStep';
import { StateTag } from './StateTag';
import { importTexts } from './texts';
import { UploadStep } from './UploadStep';

const STEPS = ['file', 'mapping', 'check', 'run'] as const;
type StepName = (typeof STEPS)[number];

/** One import from file to result; `/imports/new` is one that has no file yet. */
export default function ImportPage() {
  const { id } = useParams({ from: '/shell/imports/$id' });
  return id === 'new' ? <NewImport /> : <OneImport key={id} id={id} />;
}

function NewImport() {
  const t = importTexts.useText();
  return (
    <Page width="narrow">
      <PageHeader title={t('new')} actions={<BackLink />} />
      <StepBar step="file" />
      <UploadStep />
    </Page>
  );
}

function OneImport({ id }: { id: string }) {
  const query = useQuery(importQuery(id));
  const search = useSearch({ from: '/shell/imports/$id' });
  const job = query.data;
  return (
    <Page width="narrow">
      <PageHeader title={job?.filename ?? ''} extra={job && <StateTag state={job.state} />} actions={<BackLink />} />
      <DataState query={query}>
        {job && (
          <>
            <StepBar step={stepOf(job, search)} />
            <Step job={job} search={search} />
          </>
        )}
      </DataState>
    </Page>
  );
}

/** Mails need no mapping: they go straight to the check. */
function stepOf(job: ImportJob, search: ImportSearch): StepName {
  if (job.state !== 'mapping') return 'run';
  return search.step === 'check' || job.object === 'communication' ? 'check' : 'mapping';
}

function Step({ job, search }: { job: ImportJob; search: ImportSearch }) {
  const navigate = useNavigate();
  const show = (part: ImportSearch) => void navigate({ to: '/imports/$id', params: { id: job.id }, search: part });
  const step = stepOf(job, search);
  if (step === 'mapping') return <MappingStep job={job} onNext={() => show({ step: 'check' })} />;
  if (step === 'check') return <CheckStep job={job} onBack={job.object !== 'communication' ? () => show({}) : undefined} onStarted={() => show({})} />;
  if (isMoving(job)) return <ProgressStep job={job} />;
  return <ResultStep job={job} rows={search.rows} onRows={(rows) => show({ rows })} />;
}

function StepBar({ step }: { step: StepName }) {
  const t = importTexts.useText();
  return (
    <nav aria-label={t('steps')} className={styles.steps}>
      <Steps size="small" responsive={false} current={STEPS.indexOf(step)} items={STEPS.map((name) => ({ title: t(`step.${name}`) }))} />
    </nav>
  );
}

function BackLink() {
  const t = importTexts.useText();
  return (
    <Link to="/imports">
      <ArrowLeftOutlined aria-hidden="true" /> {t('back')}
    </Link>
  );
}
