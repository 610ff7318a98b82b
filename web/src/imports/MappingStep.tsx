import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { ImportJob } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { useProblem } from '@/ui/useProblem';
import { useSaveImport } from './data';
import styles from './imports.module.css';
import { assign, firstMapping, missingRequired } from './mapping';
import { MappingTable } from './MappingTable';
import { importTexts } from './texts';
import { useImportFields } from './useImportFields';
import { Warnings } from './Warnings';

interface MappingStepProps {
  job: ImportJob;
  onNext: () => void;
}

/** Which column feeds which field; what stays out is said. */
export function MappingStep({ job, onNext }: MappingStepProps) {
  const t = importTexts.useText();
  const { label, number } = useFormats();
  const { showProblem } = useProblem();
  const fields = useImportFields(job.object);
  const [mapping, setMapping] = useState(() => firstMapping(job.columns, job.mapping));
  const save = useSaveImport(job.id);
  const missing = missingRequired(fields, mapping);
  const out = job.columns.filter((column) => !mapping.some((entry) => entry.column === column.index));

  return (
    <section className={styles.section} aria-labelledby="mapping-title">
      <h2 id="mapping-title" className={styles.subtitle}>
        {t('mapping.title')}
      </h2>
      <span className={styles.quiet}>
        {t('mapping.help')} {t('mapping.encoding', { format: job.format.toUpperCase(), encoding: job.encoding ?? '—' })}
        {job.rows_total !== null && ` · ${t('mapping.rows', { rows: number(job.rows_total) })}`}
      </span>
      <Warnings warnings={job.warnings} />
      <MappingTable
        columns={job.columns}
        fields={fields}
        mapping={mapping}
        onAssign={(column, field) => setMapping(assign(mapping, column, field))}
      />
      {out.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('mapping.leftOut', { count: out.length, columns: out.map((column) => column.header).join(' · ') })}
        />
      )}
      {missing.length > 0 && (
        <Alert type="warning" showIcon title={t('mapping.missing', { fields: missing.map((field) => label(field.label)).join(' · ') })} />
      )}
      <div className={styles.buttons}>
        <Button
          type="primary"
          disabled={missing.length > 0 || mapping.length === 0}
          loading={save.isPending}
          onClick={() => save.mutate({ mapping, options: job.options }, { onSuccess: onNext, onError: showProblem })}
        >
          {t('next')}
        </Button>
      </div>
    </section>
  );
}
