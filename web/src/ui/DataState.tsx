import { CloudServerOutlined, FileSearchOutlined, InboxOutlined, LockOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ApiProblem } from '@/api/problem';
import styles from './DataState.module.css';
import { common } from './texts';
import { problemText } from './useProblem';

interface FaceProps {
  icon: ReactNode;
  title: string;
  help?: ReactNode;
  action?: ReactNode;
}

/** One calm face for "nothing to show", whatever the reason. */
export function StateFace({ icon, title, help, action }: FaceProps) {
  return (
    <div className={styles.face} role="status">
      <div className={styles.icon} aria-hidden="true">{icon}</div>
      <p className={styles.title}>{title}</p>
      {help === undefined ? null : <p className={styles.help}>{help}</p>}
      {action === undefined ? null : <div className={styles.action}>{action}</div>}
    </div>
  );
}

export function ErrorFace({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const t = common.useText();
  const status = error instanceof ApiProblem ? error.status : 500;
  if (status === 403) {
    return <StateFace icon={<LockOutlined />} title={t('state.forbidden')} help={t('state.forbidden.help')} />;
  }
  if (status === 404) {
    return <StateFace icon={<FileSearchOutlined />} title={t('state.missing')} help={t('state.missing.help')} />;
  }
  return (
    <StateFace
      icon={<CloudServerOutlined />}
      title={t('state.error')}
      help={problemText(error)}
      action={onRetry === undefined ? undefined : <Button onClick={onRetry}>{t('retry')}</Button>}
    />
  );
}

interface DataStateProps {
  /** A query of TanStack, or anything that looks like one. */
  query: { isPending: boolean; error: unknown; refetch?: () => unknown };
  isEmpty?: boolean;
  /** What to show when there is nothing: say what belongs here and how it gets here. */
  empty?: { icon?: ReactNode; title: string; help?: ReactNode; action?: ReactNode };
  loading?: ReactNode;
  children: ReactNode;
}

/** Loading, error, forbidden, empty; or the children when there is something to show. */
export function DataState({ query, isEmpty = false, empty, loading, children }: DataStateProps) {
  const t = common.useText();
  if (query.isPending) {
    return <div aria-busy="true" aria-label={t('loading')} role="status" className={styles.loading}>{loading ?? <Skeleton active />}</div>;
  }
  if (query.error !== null && query.error !== undefined) {
    return <ErrorFace error={query.error} onRetry={query.refetch === undefined ? undefined : () => void query.refetch?.()} />;
  }
  if (isEmpty) {
    return <StateFace icon={empty?.icon ?? <InboxOutlined />} title={empty?.title ?? t('empty')} help={empty?.help} action={empty?.action} />;
  }
  return children;
}
