import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Progress } from 'antd';
import type { ReactNode } from 'react';
import { breakGlassTexts } from '@/admin/break-glass/texts';
import { networkTexts } from '@/admin/networks/texts';
import { api } from '@/api/client';
import type { Posture } from '@/api/types';
import { DataState } from '@/ui/DataState';
import { StatusTag } from '@/ui/StatusTag';
import { HomeCard } from './HomeCard';
import styles from './home.module.css';
import { home } from './texts';

const postureQuery = queryOptions({
  queryKey: ['security', 'posture'],
  queryFn: ({ signal }) => api.get<Posture>('/security/posture', undefined, signal),
});

/** How well the company is guarded at this moment, for its administrators. */
export function PostureCard() {
  const t = home.useText();
  const query = useQuery(postureQuery);
  return (
    <HomeCard title={t('posture')}>
      <DataState query={query}>{query.data ? <Facts posture={query.data} /> : null}</DataState>
    </HomeCard>
  );
}

function Facts({ posture }: { posture: Posture }) {
  const t = home.useText();
  const n = networkTexts.useText();
  const b = breakGlassTexts.useText();
  return (
    <ul className={styles.list}>
      <Fact words={t('posture.factors')}>
        <Share words={t('posture.factors')} part={posture.with_second_factor} whole={posture.people} />
      </Fact>
      <Fact words={t('posture.devices')}>
        <Share words={t('posture.devices')} part={posture.with_device} whole={posture.people} />
      </Fact>
      {posture.devices_waiting > 0 ? (
        <Fact words={t('posture.waiting')}>
          <Link to="/admin/devices">{posture.devices_waiting}</Link>
        </Fact>
      ) : null}
      <Fact words={t('posture.zones')}>
        <StatusTag tone={posture.zones > 0 ? 'good' : 'warn'}>{posture.zones}</StatusTag>
      </Fact>
      <Fact words={n('unknown')}>
        <StatusTag tone={posture.unknown_networks === 'allow' ? 'warn' : 'good'}>{n(`unknown.${posture.unknown_networks}`)}</StatusTag>
      </Fact>
      <Fact words={b('title')}>
        <StatusTag tone={posture.break_glass === 'sealed' ? 'good' : 'warn'}>{b(`state.${posture.break_glass}`)}</StatusTag>
      </Fact>
    </ul>
  );
}

function Fact({ words, children }: { words: string; children: ReactNode }) {
  return (
    <li className={styles.row}>
      <span>{words}</span>
      <span>{children}</span>
    </li>
  );
}

function Share({ words, part, whole }: { words: string; part: number; whole: number }) {
  const percent = whole === 0 ? 0 : Math.round((100 * part) / whole);
  return <Progress aria-label={words} percent={percent} size="small" steps={10} format={() => `${part} / ${whole}`} />;
}
