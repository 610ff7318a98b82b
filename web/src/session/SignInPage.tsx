import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Me } from '@/api/types';
import { AuthFrame } from './AuthFrame';
import styles from './AuthFrame.module.css';
import { FirstPassword } from './FirstPassword';
import { SignInForm } from './SignInForm';
import { sessionTexts } from './texts';

/** Signing in; whoever still has an initial password replaces it here before going on to where they wanted to go. */
export default function SignInPage() {
  const t = sessionTexts.useText();
  const router = useRouter();
  const { to } = useSearch({ from: '/sign-in' });
  const [newcomer, setNewcomer] = useState<{ me: Me; initial: string }>();

  const goOn = () => router.history.push(to ?? '/');

  return (
    <AuthFrame>
      {newcomer ? (
        <FirstPassword {...newcomer} onDone={goOn} onLeave={() => setNewcomer(undefined)} />
      ) : (
        <>
          <h1 className={styles.title}>{t('signInTitle')}</h1>
          <p className={styles.lead}>{t(to ? 'continueTo' : 'signInLead')}</p>
          <SignInForm
            onSignedIn={(me, password) => (me.must_change_password ? setNewcomer({ me, initial: password }) : goOn())}
          />
        </>
      )}
    </AuthFrame>
  );
}
