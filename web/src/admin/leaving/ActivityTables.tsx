import { Alert, Table } from 'antd';
import { useFormats } from '@/i18n/format';
import type { LeavingReport } from './data';
import styles from './leaving.module.css';
import { leavingTexts } from './texts';

type Activity = NonNullable<LeavingReport['activity']>;

/** What the leaver did with customer data, from the ledger. */
export function ActivityTables({ activity }: { activity: Activity }) {
  const t = leavingTexts.useText();
  const { dateTime } = useFormats();
  if (activity.by_action.length === 0) return <p className={styles.quiet}>{t('report.activityNothing')}</p>;
  return (
    <>
      {activity.capped && <Alert type="info" showIcon title={t('report.capped')} />}
      <Table
        rowKey={(row) => `${row.action} ${row.object ?? ''}`}
        size="small"
        pagination={false}
        dataSource={activity.by_action}
        columns={[
          { key: 'action', title: t('activity.action'), dataIndex: 'action' },
          { key: 'object', title: t('activity.object'), render: (_, row) => row.object ?? '—' },
          { key: 'entries', title: t('activity.entries'), dataIndex: 'entries' },
          { key: 'different', title: t('activity.records'), dataIndex: 'different' },
        ]}
      />
      {activity.marked.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('report.marked')}</h3>
          <Table
            rowKey="seq"
            size="small"
            pagination={false}
            dataSource={activity.marked}
            columns={[
              { key: 'at', title: t('column.at'), render: (_, row) => dateTime(row.at) },
              { key: 'action', title: t('activity.action'), dataIndex: 'action' },
              { key: 'object', title: t('activity.object'), render: (_, row) => row.object ?? '—' },
              { key: 'records', title: t('activity.entries'), dataIndex: 'records' },
            ]}
          />
        </>
      )}
    </>
  );
}
