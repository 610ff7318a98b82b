import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuery } from '@/api/session';
import { useMe } from '@/app/session';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { DevicesCard } from '../devices/DevicesCard';
import { FactorsCard } from './FactorsCard';
import { MustEnrol } from './MustEnrol';
import { SessionsCard } from './SessionsCard';
import styles from './security.module.css';
import { securityTexts } from './texts';

/** A person's own security: what proves who they are. */
export default function SecurityPage() {
  const t = securityTexts.useText();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();

  if (me.restricted === 'must_enrol_factor') {
    const goOn = async () => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      await navigate({ to: '/' });
    };
    return (
      <div className={styles.must}>
        <MustEnrol onDone={() => void goOn()} />
      </div>
    );
  }
  return (
    <Page width="narrow">
      <PageHeader title={t('title')} help={t('help')} />
      <FactorsCard />
      <DevicesCard />
      <SessionsCard />
    </Page>
  );
}
