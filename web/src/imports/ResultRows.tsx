import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented, Table, type TableColumnsType } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import type { ImportJob, ImportRow, ImportRowKind } from '@/api/types';
import { LIST_PATH } from '@/records/paths';
import { DataState } from '@/ui/DataState';
import { importRowsQuery } from './data';
import { ROW_KINDS } from './import-search';
import styles from './imports.module.css';
import { importTexts } from './texts';
import { reasonText } from './words';

interface ResultRowsProps {
  job: ImportJob;
  kind: ImportRowKind | undefined;
  onKind: (kind: ImportRowKind) => void;
}

/** Rows that failed, were skipped, look like others or found no contact: each with its reason and its cells. */
export function ResultRows({ job, kind: asked, onKind }: ResultRowsProps) {
  const t = importTexts.useText();
  const mail = job.object === 'communication';
  const kinds = ROW_KINDS.filter((kind) => kind !== 'unmatched' || mail);
  const kind = kinds.find((candidate) => candidate === asked) ?? (job.progress.failed === 0 && job.progress.skipped > 0 ? 'skipped' : 'failed');
  const query = useInfiniteQuery(importRowsQuery(job.id, kind));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <Segmented
        aria-label={t('rows.label')}
        options={kinds.map((value) => ({ value, label: t(`rows.${value}`) }))}
        value={kind}
        onChange={onKind}
      />
      <DataState query={query} isEmpty={rows.length === 0} empty={{ title: t('rows.none') }}>
        <RowsTable job={job} rows={rows} />
        {query.hasNextPage && (
          <div className={styles.buttons}>
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('rows.more')}
            </Button>
          </div>
        )}
      </DataState>
    </>
  );
}

function RowsTable({ job, rows }: { job: ImportJob; rows: ImportRow[] }) {
  const t = importTexts.useText();
  const navigate = useNavigate();
  const columns: TableColumnsType<ImportRow> = [
    { key: 'row', title: t('rows.row'), dataIndex: 'row', width: 64 },
    { key: 'reason', title: t('rows.reason'), width: '30%', render: (_, row) => reasonText(row.key, row.detail) },
    {
      key: 'content',
      title: t('rows.content'),
      render: (_, row) => <span className={styles.cells}>{row.cells.filter((cell) => cell !== '').join(' · ')}</span>,
    },
    {
      key: 'open',
      title: <span className={styles.hidden}>{t('rows.open')}</span>,
      width: 64,
      render: (_, row) =>
        row.record_id && (
          <Button
            type="link"
            className={styles.link}
            onClick={() => void navigate({ to: LIST_PATH[job.object], search: { open: row.record_id } })}
          >
            {t('rows.open')}
          </Button>
        ),
    },
  ];
  return <Table rowKey={(row) => `${row.row}-${row.key}`} size="small" columns={columns} dataSource={rows} pagination={false} />;
}
