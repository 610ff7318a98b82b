import { DesktopOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Popconfirm } from 'antd';
import { api } from '@/api/client';
import type { OpenSession } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { StatusTag } from '@/ui/StatusTag';
import { useProblem } from '@/ui/useProblem';
import { sessionsQuery } from './data';
import styles from './security.module.css';
import { securityTexts } from './texts';

/** Where one is signed in; each session can be ended, and all others at once. */
export function SessionsCard() {
  const t = securityTexts.useText();
  const sessions = useQuery(sessionsQuery);
  const client = useQueryClient();
  const { showProblem } = useProblem();
  const end = useMutation({
    mutationFn: (id: string | undefined) => api.delete(id ? `/me/sessions/${id}` : '/me/sessions'),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    onError: showProblem,
  });
  const others = sessions.data?.some((session) => !session.current) ?? false;
  return (
    <Card title={t('sessions')}>
      <p className={styles.lead}>{t('sessionsHelp')}</p>
      <DataState query={sessions}>
        <ul className={styles.list}>
          {sessions.data?.map((session) => (
            <SessionItem key={session.id} session={session} onEnd={() => end.mutate(session.id)} busy={end.isPending} />
          ))}
        </ul>
      </DataState>
      {others ? (
        <Popconfirm title={t('endAllAsk')} okText={t('endAll')} onConfirm={() => end.mutate(undefined)}>
          <Button danger loading={end.isPending}>{t('endAll')}</Button>
        </Popconfirm>
      ) : null}
    </Card>
  );
}

interface SessionItemProps {
  session: OpenSession;
  busy: boolean;
  onEnd: () => void;
}

function SessionItem({ session, busy, onEnd }: SessionItemProps) {
  const t = securityTexts.useText();
  const { dateTime } = useFormats();
  const facts = [
    ...(session.ip ? [session.ip] : []),
    t('opened', { time: dateTime(session.created_at) }),
    t('seen', { time: dateTime(session.seen_at) }),
  ];
  return (
    <li className={styles.item}>
      <DesktopOutlined aria-hidden="true" />
      <span className={styles.words}>
        <strong>{session.agent ?? t('unknownAgent')}</strong>
        <small>{facts.join(' · ')}</small>
      </span>
      {session.current ? (
        <StatusTag>{t('thisSession')}</StatusTag>
      ) : (
        <Button size="small" danger disabled={busy} onClick={onEnd}>{t('end')}</Button>
      )}
    </li>
  );
}
