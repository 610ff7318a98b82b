import { KeyOutlined } from '@ant-design/icons';
import { Alert, App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { Me } from '@/api/types';
import { problemText } from '@/ui/useProblem';
import styles from './AuthFrame.module.css';
import { usePasskeySignIn, useSignIn, type Credentials } from './data';
import { clock, useCountdown, waitSeconds } from './lockout';
import { PasswordInput } from './PasswordInput';
import { gaveUp, passkeysPossible } from './security/passkey';
import { securityTexts } from './security/texts';
import { sessionTexts } from './texts';

interface SignInFormProps {
  onSignedIn: (me: Me, password: string) => void;
  onFactorNeeded: (attempt: string, factors: string[], password: string) => void;
}

export function SignInForm({ onSignedIn, onFactorNeeded }: SignInFormProps) {
  const t = sessionTexts.useText();
  const signIn = useSignIn();
  const [lockedUntil, setLockedUntil] = useState(0);
  const wait = useCountdown(lockedUntil);

  const submit = ({ login, password }: Credentials) =>
    signIn.mutate(
      { login: login.trim(), password },
      {
        onSuccess: (me) => onSignedIn(me, password),
        onError: (error) => {
          if (isProblem(error, 'second_factor_required')) {
            const { attempt, factors } = error.params;
            onFactorNeeded(String(attempt), Array.isArray(factors) ? factors : [], password);
          }
          if (isProblem(error, 'locked_out') || isProblem(error, 'too_many_requests')) {
            setLockedUntil(Date.now() + waitSeconds(error) * 1000);
          }
        },
      },
    );

  return (
    <Form<Credentials> layout="vertical" requiredMark={false} onFinish={submit} disabled={signIn.isPending} size="large">
      <SignInProblem error={signIn.error} wait={wait} />
      <Form.Item
        name="login"
        label={t('login')}
        validateTrigger="onSubmit"
        rules={[{ required: true, whitespace: true, message: t('loginRequired') }]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} placeholder={t('loginHint')} autoFocus />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('password')}
        validateTrigger="onSubmit"
        rules={[{ required: true, message: t('passwordRequired') }]}
      >
        <PasswordInput autoComplete="current-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={signIn.isPending} disabled={wait > 0}>
        {t(signIn.isPending ? 'signingIn' : 'signIn')}
      </Button>
      {passkeysPossible() ? <PasskeySignIn onSignedIn={(me) => onSignedIn(me, '')} /> : null}
      <p className={styles.quiet}>{t('forgot')}</p>
    </Form>
  );
}

/** A passkey alone: it tells who somebody is and proves it. */
function PasskeySignIn({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const t = securityTexts.useText();
  const { message } = App.useApp();
  const signIn = usePasskeySignIn();
  const failed = (error: unknown) => {
    if (gaveUp(error)) return;
    void message.error(isProblem(error) && error.key !== 'bad_credentials' ? problemText(error) : t('passkeyFailed'));
  };
  return (
    <Button
      block
      icon={<KeyOutlined />}
      className={styles.passkey}
      loading={signIn.isPending}
      onClick={() => signIn.mutate(undefined, { onSuccess: onSignedIn, onError: failed })}
    >
      {t('signInPasskey')}
    </Button>
  );
}

/** What went wrong, in words that never tell whether the login exists. */
function SignInProblem({ error, wait }: { error: Error | null; wait: number }) {
  const t = sessionTexts.useText();
  if (error === null || isProblem(error, 'second_factor_required')) return null;
  const locked = isProblem(error, 'locked_out');
  if (locked || isProblem(error, 'too_many_requests')) {
    if (wait === 0) return <Alert type="info" showIcon className={styles.notice} title={t('lockedOver')} />;
    return (
      <Alert
        type="warning"
        showIcon
        className={styles.notice}
        title={t('lockedTitle')}
        description={t(locked ? 'lockedWait' : 'tooMany', { time: clock(wait) })}
      />
    );
  }
  const title = isProblem(error, 'bad_credentials') ? t('badCredentials') : problemText(error);
  return <Alert type="error" showIcon className={styles.notice} title={title} />;
}
