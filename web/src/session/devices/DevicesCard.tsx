import { useQuery } from '@tanstack/react-query';
import { App, Card } from 'antd';
import type { Device } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { DataState } from '@/ui/DataState';
import { StatusTag, type Tone } from '@/ui/StatusTag';
import { useProblem } from '@/ui/useProblem';
import { ownDevicesQuery, useRevokeOwnDevice } from './data';
import styles from './devices.module.css';
import { EnrolForm } from './EnrolForm';
import { deviceTexts } from './texts';

export const DEVICE_TONE: Record<Device['state'], Tone> = { pending: 'warn', approved: 'good', revoked: 'plain' };

/** The person's own devices: enrol this one, revoke any. */
export function DevicesCard() {
  const t = deviceTexts.useText();
  const query = useQuery(ownDevicesQuery);
  const devices = query.data ?? [];
  const bound = devices.some((device) => device.current);
  return (
    <Card title={t('title')}>
      <p className={styles.help}>{t('help')}</p>
      <DataState query={query}>
        <ul className={styles.list}>
          {devices.map((device) => (
            <DeviceRow key={device.id} device={device} />
          ))}
        </ul>
        {bound ? null : <EnrolForm />}
      </DataState>
    </Card>
  );
}

function DeviceRow({ device }: { device: Device }) {
  const t = deviceTexts.useText();
  const { relative } = useFormats();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const revoke = useRevokeOwnDevice();
  return (
    <li className={styles.row}>
      <span className={styles.words}>
        <strong>{device.name}</strong>
        <small>
          {device.platform} · {t('lastSeen', { when: relative(device.last_seen) })}
        </small>
      </span>
      <span className={styles.tags}>
        {device.current ? <StatusTag tone="info">{t('current')}</StatusTag> : null}
        {device.company_owned ? <StatusTag>{t('company')}</StatusTag> : null}
        <StatusTag tone={DEVICE_TONE[device.state]}>{t(`state.${device.state}`)}</StatusTag>
      </span>
      {device.state === 'revoked' ? null : (
        <ConfirmButton
          size="small"
          danger
          question={t('revokeAsk', { name: device.name })}
          explanation={t('revokeWhy')}
          onConfirm={() =>
            revoke.mutateAsync(device.id).then(() => void message.success(t('revoked')), showProblem)
          }
        >
          {t('revoke')}
        </ConfirmButton>
      )}
    </li>
  );
}
