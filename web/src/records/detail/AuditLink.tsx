import { AuditOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCan } from '@/app/session';
import { records } from '../texts';

/** Who looked at this record: for those who may read the audit. */
export function AuditLink({ record }: { record: string }) {
  const t = records.useText();
  const can = useCan();
  const navigate = useNavigate();
  if (!can('audit.read')) return null;
  return (
    <Button
      type="text"
      icon={<AuditOutlined />}
      aria-label={t('detail.audit')}
      title={t('detail.audit')}
      onClick={() => void navigate({ to: '/audit', search: { record } })}
    />
  );
}
