import { ImportOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Progress, Table, type TableColumnsType } from 'antd';
import type { ImportJob } from '@/api/types';
import { useImports } from '@/app/session';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { importsQuery } from './data';
import styles from './imports.module.css';
import { StateTag } from './StateTag';
import { tally } from './tally';
import { importTexts } from './texts';

/** Every import of this person, running ones with their progress. */
export default function ImportsPage() {
  const t = importTexts.useText();
  const navigate = useNavigate();
  const query = useQuery(importsQuery);
  const create = useImports() ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate({ to: '/imports/$id', params: { id: 'new' } })}>
      {t('new')}
    </Button>
  ) : null;
  return (
    <Page>
      <PageHeader title={t('title')} help={t('help')} actions={create} />
      <DataState
        query={query}
        isEmpty={query.data?.length === 0}
        empty={{ icon: <ImportOutlined />, title: t('empty'), help: t('emptyHelp'), action: create }}
      >
        <ImportsTable jobs={query.data ?? []} />
      </DataState>
    </Page>
  );
}

function ImportsTable({ jobs }: { jobs: ImportJob[] }) {
  const t = importTexts.useText();
  const { relative, dateTime, number } = useFormats();
  const phone = usePhone();
  const file: TableColumnsType<ImportJob>[number] = {
    key: 'file',
    title: t('column.file'),
    render: (_, job) => (
      <>
        <Link to="/imports/$id" params={{ id: job.id }}>
          {job.filename}
        </Link>
        {phone && <div className={styles.quiet}>{t(`object.${job.object}`)}</div>}
      </>
    ),
  };
  const state: TableColumnsType<ImportJob>[number] = {
    key: 'state',
    title: t('column.state'),
    width: 120,
    render: (_, job) => <StateTag state={job.state} />,
  };
  const columns: TableColumnsType<ImportJob> = phone
    ? [file, state]
    : [
        file,
        { key: 'object', title: t('column.object'), width: 120, render: (_, job) => t(`object.${job.object}`) },
        state,
        {
          key: 'progress',
          title: t('column.progress'),
          render: (_, job) =>
            job.state !== 'mapping' && (
              <Progress
                percent={tally(job.progress).percent}
                size="small"
                status={job.state === 'failed' ? 'exception' : job.state === 'done' ? 'success' : 'normal'}
                format={() => number(job.progress.done)}
                aria-label={t('column.progress')}
              />
            ),
        },
        {
          key: 'created',
          title: t('column.created'),
          width: 160,
          render: (_, job) => (
            <time dateTime={job.created_at} title={dateTime(job.created_at)}>
              {relative(job.created_at)}
            </time>
          ),
        },
      ];
  return <Table rowKey="id" size="small" columns={columns} dataSource={jobs} pagination={false} />;
}
