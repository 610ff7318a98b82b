import { Alert, Table } from 'antd';
import type { LedgerVerification } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { auditTexts } from './texts';
import { problemOfTree } from './words';

/** Green: everything was recomputed and agrees. Red: what does not, entry by entry. */
export function VerifyResult({ result }: { result: LedgerVerification }) {
  const t = auditTexts.useText();
  const { number } = useFormats();
  if (result.ok) {
    const seconds = (result.took_ms / 1000).toFixed(2);
    return (
      <Alert
        type="success"
        showIcon
        title={t('tree.ok')}
        description={t('tree.okHelp', { entries: number(result.checked), seconds })}
      />
    );
  }
  return (
    <>
      <Alert type="error" showIcon title={t('tree.bad', { count: result.problems.length })} description={t('tree.badHelp')} />
      <Table
        size="small"
        rowKey={(problem) => `${problem.seq}-${problem.key}`}
        dataSource={result.problems}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        columns={[
          { key: 'seq', title: t('tree.problemEntry'), width: 100, render: (_, problem) => problem.seq ?? '—' },
          { key: 'text', title: t('tree.problemText'), render: (_, problem) => problemOfTree(problem.key, problem.detail) },
        ]}
      />
    </>
  );
}
