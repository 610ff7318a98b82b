import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { AuthFrame } from '../AuthFrame';
import frame from '../AuthFrame.module.css';
import { useSignOut } from '../data';
import styles from './devices.module.css';
import { EnrolForm } from './EnrolForm';
import { deviceTexts } from './texts';

/** Which rule about networks or devices closes the application to this session, and whom to ask. */
export default function RefusedPage() {
  const t = deviceTexts.useText();
  const router = useRouter();
  const client = useQueryClient();
  const signOut = useSignOut();
  const { why } = useSearch({ from: '/refused' });
  const title = `refused.${why}`;
  const help = `refused.${why}.help`;
  const again = () => {
    client.clear();
    void router.navigate({ to: '/' });
  };
  return (
    <AuthFrame>
      <h1 className={frame.title}>{deviceTexts.has(title) ? t(title) : t('refused.network_unknown')}</h1>
      <p className={frame.lead}>{deviceTexts.has(help) ? t(help) : t('refused.network_unknown.help')}</p>
      {why === 'must_use_device' ? <EnrolForm onDone={again} /> : null}
      <div className={styles.buttons}>
        {why === 'must_use_device' ? null : (
          <Button type="primary" onClick={again}>
            {t('again')}
          </Button>
        )}
        <Button onClick={() => signOut.mutate()}>{t('signOut')}</Button>
      </div>
    </AuthFrame>
  );
}
