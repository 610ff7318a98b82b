import { ExpandAltOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { lazy, Suspense } from 'react';
import type { ObjectName } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { records } from '../texts';
import { useObject } from '../useObject';
import { RecordView } from './RecordView';

const CustomerView = lazy(() => import('@/customers/CustomerView'));

interface RecordPanelProps {
  object: ObjectName;
  id: string;
  onClose: () => void;
}

/** A record beside its list. The list stays usable: no mask, and the address names the record. */
export function RecordPanel({ object: name, id, onClose }: RecordPanelProps) {
  const t = records.useText();
  const { label } = useFormats();
  const phone = usePhone();
  const object = useObject(name);
  return (
    <Drawer
      open
      mask={false}
      autoFocus={false}
      size={phone ? '100%' : 640}
      onClose={onClose}
      title={object === undefined ? null : label(object.label)}
      extra={
        name === 'customer' ? (
          <Link to="/customers/$id" params={{ id }} title={t('detail.openPage')} aria-label={t('detail.openPage')}><ExpandAltOutlined /></Link>
        ) : null
      }
      styles={{ body: { padding: 0 }, header: { paddingBlock: 8 } }}
    >
      {name === 'customer' ? (
        <Suspense fallback={null}>
          <CustomerView key={id} id={id} layout="panel" onDeleted={onClose} />
        </Suspense>
      ) : (
        <RecordView key={id} object={name} id={id} onDeleted={onClose} />
      )}
    </Drawer>
  );
}
