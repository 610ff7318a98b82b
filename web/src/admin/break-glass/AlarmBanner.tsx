import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useCan } from '@/app/session';
import { breakGlassQuery } from './data';
import { breakGlassTexts } from './texts';

const WORDS = { opening: 'bannerOpening', open: 'banner', must_renew: 'bannerRenew' } as const;

/** For the three administrations, on every page, while the emergency account is open or waits to be sealed anew. */
export function AlarmBanner() {
  const t = breakGlassTexts.useText();
  const can = useCan();
  const administers = can('rules.read') || can('settings.administer');
  const { data } = useQuery({ ...breakGlassQuery, enabled: administers });
  const state = administers ? data?.state : undefined;
  if (state !== 'opening' && state !== 'open' && state !== 'must_renew') return null;
  return (
    <Alert
      banner
      type={state === 'must_renew' ? 'warning' : 'error'}
      title={t(WORDS[state])}
      action={<Link to="/admin/break-glass">{t('look')}</Link>}
    />
  );
}
