import { useQuery } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import { useState } from 'react';
import type { ImportJob } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { useProblem } from '@/ui/useProblem';
import { CheckResult } from './CheckResult';
import { importCheckQuery, useImportVerb, useSaveImport } from './data';
import styles from './imports.module.css';
import { OptionsForm } from './OptionsForm';
import { PreviewTable } from './PreviewTable';
import { importTexts } from './texts';
import { Warnings } from './Warnings';

interface CheckStepProps {
  job: ImportJob;
  onBack: (() => void) | undefined;
  onStarted: () => void;
}

/** What will happen, before it happens: the check, the first rows, the choices; then start. */
export function CheckStep({ job, onBack, onStarted }: CheckStepProps) {
  const t = importTexts.useText();
  const { number } = useFormats();
  const { showProblem } = useProblem();
  const check = useQuery(importCheckQuery(job.id, job.mapping));
  const [options, setOptions] = useState(job.options);
  const save = useSaveImport(job.id);
  const verb = useImportVerb(job.id);

  const start = async () => {
    try {
      await save.mutateAsync({ mapping: job.mapping, options });
      await verb.mutateAsync('start');
      onStarted();
    } catch (problem) {
      showProblem(problem);
    }
  };

  return (
    <>
      <Warnings warnings={job.warnings} />
      <DataState query={check} loading={<Spin description={t('check.running')}><div className={styles.drop} /></Spin>}>
        {check.data && <CheckResult check={check.data} object={job.object} />}
      </DataState>
      <PreviewTable job={job} />
      <OptionsForm object={job.object} options={options} onChange={setOptions} />
      <div className={styles.buttons}>
        {onBack && <Button onClick={onBack}>{t('previous')}</Button>}
        <Button type="primary" loading={save.isPending || verb.isPending} disabled={check.isPending} onClick={() => void start()}>
          {job.rows_total === null ? t('startPlain') : t('start', { rows: number(job.rows_total) })}
        </Button>
      </div>
    </>
  );
}
