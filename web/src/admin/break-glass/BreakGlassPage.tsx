import { useQuery } from '@tanstack/react-query';
import { Card, Descriptions } from 'antd';
import type { BreakGlass } from '@/api/types';
import { useCan } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { StatusTag, type Tone } from '@/ui/StatusTag';
import styles from '../networks/networks.module.css';
import { CollectCode } from './CollectCode';
import { breakGlassQuery } from './data';
import { SealForm } from './SealForm';
import { breakGlassTexts } from './texts';

export const STATE_TONE: Record<BreakGlass['state'], Tone> = {
  none: 'warn', waiting: 'warn', sealed: 'good', opening: 'bad', open: 'bad', must_renew: 'bad',
};

/** How the emergency account stands, who holds its codes, and sealing it. Custodians collect their codes here. */
export default function BreakGlassPage() {
  const t = breakGlassTexts.useText();
  const can = useCan();
  const query = useQuery(breakGlassQuery);
  return (
    <Page width="narrow">
      <PageHeader title={t('title')} help={t('help')} />
      <DataState query={query}>
        {query.data ? (
          <>
            {query.data.yours_waits ? <CollectCode /> : null}
            <Standing view={query.data} />
            {can('roles.administer') ? <SealForm anew={query.data.state !== 'none'} /> : null}
          </>
        ) : null}
      </DataState>
    </Page>
  );
}

function Standing({ view }: { view: BreakGlass }) {
  const t = breakGlassTexts.useText();
  const { dateTime } = useFormats();
  const times = [
    view.sealed_at ? t('sealedAt', { when: dateTime(view.sealed_at) }) : null,
    view.opened_at ? t('openedAt', { when: dateTime(view.opened_at) }) : null,
    view.until ? t('until', { when: dateTime(view.until) }) : null,
  ].filter((text) => text !== null);
  return (
    <Card size="small" title={<StatusTag tone={STATE_TONE[view.state]}>{t(`state.${view.state}`)}</StatusTag>}>
      {times.length > 0 ? <p className={styles.quiet}>{times.join(' · ')}</p> : null}
      {view.custodians.length === 0 ? null : (
        <Descriptions
          size="small"
          column={1}
          title={t('custodians')}
          items={view.custodians.map((custodian) => ({
            key: custodian.person,
            label: custodian.name,
            children: (
              <StatusTag tone={custodian.collected ? 'good' : 'warn'}>{t(custodian.collected ? 'collected' : 'notCollected')}</StatusTag>
            ),
          }))}
        />
      )}
    </Card>
  );
}
