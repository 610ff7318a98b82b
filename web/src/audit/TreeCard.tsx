import { CopyOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, Progress } from 'antd';
import type { LedgerCheckpoint } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { useProblem } from '@/ui/useProblem';
import styles from './audit.module.css';
import { checkpointQuery, useVerify } from './data';
import { auditTexts } from './texts';
import { VerifyResult } from './VerifyResult';

/** The tree over all entries: how large, which root, when signed; and the button that recomputes everything. */
export function TreeCard({ mayVerify }: { mayVerify: boolean }) {
  const t = auditTexts.useText();
  const { number } = useFormats();
  const { showProblem } = useProblem();
  const checkpoint = useQuery(checkpointQuery);
  const verify = useVerify();
  return (
    <Card
      size="small"
      title={t('tree.title')}
      extra={
        mayVerify && (
          <Button
            type="primary"
            size="small"
            icon={<SafetyCertificateOutlined />}
            loading={verify.isPending}
            onClick={() => verify.mutate(undefined, { onError: showProblem })}
          >
            {t('tree.verify')}
          </Button>
        )
      }
    >
      <DataState query={checkpoint}>{checkpoint.data && <TreeFacts checkpoint={checkpoint.data} />}</DataState>
      <div aria-live="polite" className={styles.verdict}>
        {verify.isPending && (
          <div className={styles.verifying}>
            <Progress percent={100} showInfo={false} status="active" size="small" aria-label={t('tree.verify')} />
            <span>{t('tree.verifying', { entries: number(checkpoint.data?.size ?? 0) })}</span>
          </div>
        )}
        {verify.data && !verify.isPending && <VerifyResult result={verify.data} />}
      </div>
    </Card>
  );
}

function TreeFacts({ checkpoint }: { checkpoint: LedgerCheckpoint }) {
  const t = auditTexts.useText();
  const { number, dateTime, relative } = useFormats();
  const { message } = App.useApp();
  const copy = () =>
    navigator.clipboard.writeText(checkpoint.note).then(
      () => message.success(t('tree.copied')),
      () => message.error(t('tree.copyFailed')),
    );
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('tree.size')}</dt>
        <dd className={styles.size}>{number(checkpoint.size)}</dd>
      </div>
      <div>
        <dt>{t('tree.at')}</dt>
        <dd>
          <time dateTime={checkpoint.at} title={dateTime(checkpoint.at)}>
            {relative(checkpoint.at)}
          </time>
        </dd>
      </div>
      <div>
        <dt>{t('tree.root')}</dt>
        <dd className={styles.mono}>{checkpoint.root}</dd>
      </div>
      <div>
        <dt>{t('tree.key')}</dt>
        <dd className={styles.mono}>{checkpoint.key}</dd>
      </div>
      <div>
        <dt>{t('tree.note')}</dt>
        <dd>
          <Button size="small" icon={<CopyOutlined />} title={t('tree.noteHelp')} onClick={() => void copy()}>
            {t('tree.copy')}
          </Button>
        </dd>
      </div>
    </dl>
  );
}
