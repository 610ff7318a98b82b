import { LaptopOutlined } from '@ant-design/icons';
import { App, Button, Table, type TableColumnsType } from 'antd';
import type { Device, DeviceChange } from '@/api/types';
import { useMe } from '@/app/session';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { DEVICE_TONE } from '@/session/devices/DevicesCard';
import { deviceTexts } from '@/session/devices/texts';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { StateFace } from '@/ui/DataState';
import { StatusTag } from '@/ui/StatusTag';
import { useProblem } from '@/ui/useProblem';
import styles from '../networks/networks.module.css';
import { useChangeDevice } from './data';
import { adminDeviceTexts } from './texts';

export function DeviceTable({ devices, mayChange }: { devices: Device[]; mayChange: boolean }) {
  const t = adminDeviceTexts.useText();
  const d = deviceTexts.useText();
  const { relative, dateTime } = useFormats();
  const phone = usePhone();
  if (devices.length === 0) return <StateFace icon={<LaptopOutlined />} title={t('empty')} help={t('emptyHelp')} />;

  const state = (device: Device) => (
    <span className={styles.actions}>
      <StatusTag tone={DEVICE_TONE[device.state]}>{d(`state.${device.state}`)}</StatusTag>
      {device.company_owned ? <StatusTag tone="info">{d('company')}</StatusTag> : null}
    </span>
  );
  const columns: TableColumnsType<Device> = [
    {
      key: 'name',
      title: t('device'),
      render: (_, device) => (
        <span className={styles.name}>
          <strong>{device.name}</strong>
          <span className={styles.quiet}>
            {phone ? device.person?.name : device.platform}
          </span>
          {phone ? state(device) : null}
        </span>
      ),
    },
  ];
  if (!phone) {
    columns.push(
      { key: 'owner', title: t('owner'), render: (_, device) => device.person?.name },
      { key: 'state', title: t('state'), render: (_, device) => state(device) },
      {
        key: 'lastSeen',
        title: t('lastSeen'),
        render: (_, device) => (
          <time dateTime={device.last_seen} title={dateTime(device.last_seen)}>
            {relative(device.last_seen)}
          </time>
        ),
      },
    );
  }
  if (mayChange) columns.push({ key: 'actions', width: phone ? 130 : 300, render: (_, device) => <Actions device={device} /> });
  return <Table rowKey="id" size="small" columns={columns} dataSource={devices} pagination={{ pageSize: 50, hideOnSinglePage: true }} />;
}

function Actions({ device }: { device: Device }) {
  const t = adminDeviceTexts.useText();
  const me = useMe();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const change = useChangeDevice();
  const save = (values: DeviceChange, done: string) =>
    change.mutateAsync({ id: device.id, change: values }).then(() => void message.success(done), showProblem);
  const own = device.person?.id === me.id;
  if (device.state === 'revoked') return null;
  return (
    <span className={styles.actions}>
      {device.state === 'pending' && !own ? (
        <Button size="small" type="primary" onClick={() => void save({ state: 'approved' }, t('approved'))}>
          {t('approve')}
        </Button>
      ) : null}
      {own && !device.company_owned ? null : (
        <Button size="small" onClick={() => void save({ company_owned: !device.company_owned }, t('saved'))}>
          {t(device.company_owned ? 'unmarkCompany' : 'markCompany')}
        </Button>
      )}
      <ConfirmButton
        size="small"
        danger
        question={t('revokeAsk', { name: device.name, person: device.person?.name ?? '' })}
        explanation={t('revokeWhy')}
        onConfirm={() => save({ state: 'revoked' }, t('saved'))}
      >
        {t('revoke')}
      </ConfirmButton>
    </span>
  );
}
