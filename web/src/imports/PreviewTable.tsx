import { Table } from 'antd';
import type { ImportJob } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ClassBadge } from '@/records/fields/ClassBadge';
import styles from './imports.module.css';
import { previewAsMapped } from './mapping';
import { ScrollRegion } from './ScrollRegion';
import { importTexts } from './texts';
import { useImportFields } from './useImportFields';

/** The first rows under the names of the fields they go to. */
export function PreviewTable({ job }: { job: ImportJob }) {
  const t = importTexts.useText();
  const { label } = useFormats();
  const fields = useImportFields(job.object);
  const shown = job.mapping.length > 0 ? job.mapping : job.columns.map(({ index, header }) => ({ column: index, field: header }));
  if (shown.length === 0) return <p className={styles.quiet}>{t('check.previewHidden')}</p>;

  const columns = shown.map((entry, index) => {
    const field = fields.find(({ name }) => name === entry.field);
    return {
      key: entry.field,
      title: (
        <span className={styles.field}>
          {field ? label(field.label) : entry.field}
          {field && <ClassBadge fieldClass={field.class} />}
        </span>
      ),
      render: (_: unknown, row: PreviewRow) => <span className={styles.cells}>{row.cells[index]}</span>,
    };
  });
  const rows: PreviewRow[] = previewAsMapped(job.preview, shown).map((cells, key) => ({ key, cells }));
  return (
    <section className={styles.section}>
      <h2 className={styles.subtitle}>
        {t('check.preview', { rows: rows.length })}
      </h2>
      <ScrollRegion label={t('check.preview', { rows: rows.length })}>
        <Table size="small" columns={columns} dataSource={rows} pagination={false} />
      </ScrollRegion>
    </section>
  );
}

interface PreviewRow {
  key: number;
  cells: string[];
}
