import { CompassOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { StateFace } from '@/ui/DataState';
import { app } from './texts';

export function NotFoundPage() {
  const t = app.useText();
  return (
    <StateFace
      icon={<CompassOutlined />}
      title={t('notFound')}
      help={t('notFound.help')}
      action={<Link to="/">{t('notFound.home')}</Link>}
    />
  );
}
