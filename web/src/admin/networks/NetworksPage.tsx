import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { Networks, Zone } from '@/api/types';
import { useCan } from '@/app/session';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { AddressCheck } from './AddressCheck';
import { networksQuery } from './data';
import styles from './networks.module.css';
import { NetworkRulesForm } from './NetworkRulesForm';
import { networkTexts } from './texts';
import { ZoneDialog } from './ZoneDialog';
import { ZoneTable } from './ZoneTable';

/** From where people may work: zones, and what follows from them. */
export default function NetworksPage() {
  const t = networkTexts.useText();
  const can = useCan();
  if (!can('rules.read')) return <ForbiddenPage title={t('title')} />;
  return <NetworksView mayChange={can('roles.administer')} />;
}

function NetworksView({ mayChange }: { mayChange: boolean }) {
  const t = networkTexts.useText();
  const query = useQuery(networksQuery);
  const [editing, setEditing] = useState<Zone | 'new'>();
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
      {t('add')}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t('title')} help={t('help')} actions={mayChange ? add : undefined} />
      <DataState query={query}>
        {query.data ? (
          <>
            <Alert type="info" showIcon title={<Here networks={query.data} />} />
            <section aria-labelledby="zones">
              <h2 id="zones" className={styles.subtitle}>
                {t('zones')}
              </h2>
              <ZoneTable zones={query.data.zones ?? []} onEdit={mayChange ? setEditing : undefined} />
            </section>
            <div className={styles.columns}>
              <NetworkRulesForm key={JSON.stringify(query.data)} networks={query.data} mayChange={mayChange} />
              <AddressCheck zones={query.data.zones ?? []} />
            </div>
          </>
        ) : null}
      </DataState>
      <ZoneDialog zone={editing} onClose={() => setEditing(undefined)} />
    </Page>
  );
}

function Here({ networks }: { networks: Networks }) {
  const t = networkTexts.useText();
  const { zone, ip } = networks.here;
  if (zone === 'local') return t('hereLocal');
  const name = networks.zones?.find((known) => known.key === zone)?.name ?? t('outside');
  return t('here', { ip: ip ?? '?', zone: name });
}
