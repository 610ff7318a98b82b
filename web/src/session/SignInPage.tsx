import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { meQuery } from '@/api/session';
import type { Me } from '@/api/types';
import { AuthFrame } from './AuthFrame';
import styles from './AuthFrame.module.css';
import { FirstPassword } from './FirstPassword';
import { SecondFactor } from './SecondFactor';
import { MustEnrol } from './security/MustEnrol';
import { SignInForm } from './SignInForm';
import { sessionTexts } from './texts';

/** Where a sign-in stands: what is still asked before the person goes on to where they wanted to go. */
type Step =
  | { at: 'password' }
  | { at: 'factor'; attempt: string; factors: string[]; password: string }
  | { at: 'first-password'; me: Me; initial: string }
  | { at: 'enrol' };

/** Signing in: password, second factor, and for newcomers a password and a factor of their own. */
export default function SignInPage() {
  const t = sessionTexts.useText();
  const router = useRouter();
  const client = useQueryClient();
  const { to } = useSearch({ from: '/sign-in' });
  const [step, setStep] = useState<Step>({ at: 'password' });

  const next = (me: Me, password: string) => {
    if (me.must_change_password) setStep({ at: 'first-password', me, initial: password });
    else if (me.restricted === 'must_enrol_factor') setStep({ at: 'enrol' });
    else router.history.push(to ?? '/');
  };
  const afterPassword = () => {
    const me = client.getQueryData(meQuery.queryKey);
    if (me) next(me, '');
  };
  const afterEnrolment = async () => {
    await client.invalidateQueries({ queryKey: meQuery.queryKey });
    router.history.push(to ?? '/');
  };

  return (
    <AuthFrame>
      {step.at === 'first-password' ? (
        <FirstPassword me={step.me} initial={step.initial} onDone={afterPassword} onLeave={() => setStep({ at: 'password' })} />
      ) : step.at === 'enrol' ? (
        <MustEnrol onDone={() => void afterEnrolment()} />
      ) : step.at === 'factor' ? (
        <SecondFactor
          attempt={step.attempt}
          factors={step.factors}
          onSignedIn={(me) => next(me, step.password)}
          onLeave={() => setStep({ at: 'password' })}
        />
      ) : (
        <>
          <h1 className={styles.title}>{t('signInTitle')}</h1>
          <p className={styles.lead}>{t(to ? 'continueTo' : 'signInLead')}</p>
          <SignInForm
            onSignedIn={next}
            onFactorNeeded={(attempt, factors, password) => setStep({ at: 'factor', attempt, factors, password })}
          />
        </>
      )}
    </AuthFrame>
  );
}
