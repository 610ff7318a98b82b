import { useQuery } from '@tanstack/react-query';
import { useCan } from '@/app/session';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import styles from '../networks/networks.module.css';
import { devicesQuery } from './data';
import { DeviceRulesForm } from './DeviceRulesForm';
import { DeviceTable } from './DeviceTable';
import { adminDeviceTexts } from './texts';

/** Everybody's devices, and which ones the company asks for. */
export default function DevicesPage() {
  const t = adminDeviceTexts.useText();
  const can = useCan();
  if (!can('rules.read')) return <ForbiddenPage title={t('title')} />;
  return <Devices mayChange={can('roles.administer')} />;
}

function Devices({ mayChange }: { mayChange: boolean }) {
  const t = adminDeviceTexts.useText();
  const query = useQuery(devicesQuery);
  const devices = query.data?.items ?? [];
  const waiting = devices.filter((device) => device.state === 'pending').length;
  return (
    <Page>
      <PageHeader title={t('title')} help={t('help')} extra={waiting > 0 ? t('waiting', { count: waiting }) : undefined} />
      <DataState query={query}>
        <DeviceTable devices={devices} mayChange={mayChange} />
        {query.data ? (
          <div className={styles.columns}>
            <DeviceRulesForm key={JSON.stringify(query.data.rules)} rules={query.data.rules} mayChange={mayChange} />
          </div>
        ) : null}
      </DataState>
    </Page>
  );
}
