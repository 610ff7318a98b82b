import { App, Button, Table, type TableColumnsType } from 'antd';
import type { Zone } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { StateFace } from '@/ui/DataState';
import { GlobalOutlined } from '@ant-design/icons';
import { useConfirmedSave } from '../useConfirmedSave';
import { useDeleteZone } from './data';
import styles from './networks.module.css';
import { networkTexts } from './texts';

/** Ranges shown of a zone before the rest is counted. */
const SHOWN = 6;

interface ZoneTableProps {
  zones: Zone[];
  onEdit: ((zone: Zone) => void) | undefined;
}

export function ZoneTable({ zones, onEdit }: ZoneTableProps) {
  const t = networkTexts.useText();
  const phone = usePhone();
  const { message } = App.useApp();
  const remove = useDeleteZone();
  const save = useConfirmedSave({ title: t('lockTitle'), help: t('lockHelp'), ok: t('lockOk') });
  if (zones.length === 0) return <StateFace icon={<GlobalOutlined />} title={t('zonesEmpty')} help={t('zonesEmptyHelp')} />;

  const ranges = (zone: Zone) => (
    <span className={styles.ranges}>
      {zone.ranges.slice(0, SHOWN).map((range) => (
        <span key={range}>{range}</span>
      ))}
      {zone.ranges.length > SHOWN ? <span>{t('rangeCount', { count: zone.ranges.length })}</span> : null}
    </span>
  );
  const columns: TableColumnsType<Zone> = [
    {
      key: 'name',
      title: t('name'),
      render: (_, zone) => (
        <span className={styles.name}>
          <strong>{zone.name}</strong>
          <span className={styles.quiet}>{zone.key}</span>
          {phone ? ranges(zone) : null}
        </span>
      ),
    },
  ];
  if (!phone) columns.push({ key: 'ranges', title: t('ranges'), render: (_, zone) => ranges(zone) });
  if (onEdit) {
    columns.push({
      key: 'actions',
      width: phone ? 96 : 180,
      render: (_, zone) => (
        <span className={styles.actions}>
          <Button size="small" onClick={() => onEdit(zone)}>
            {t('edit.short')}
          </Button>
          <ConfirmButton
            size="small"
            danger
            question={t('removeAsk', { name: zone.name })}
            onConfirm={() =>
              save((confirm) => remove.mutateAsync({ key: zone.key, confirm }), () => void message.success(t('removed')))
            }
          >
            {t('remove')}
          </ConfirmButton>
        </span>
      ),
    });
  }
  return <Table rowKey="key" size="small" columns={columns} dataSource={zones} pagination={false} />;
}
