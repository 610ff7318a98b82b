import { KeyOutlined } from '@ant-design/icons';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { FactorProof } from '@/api/types';
import { useProblem } from '@/ui/useProblem';
import { gaveUp, passkeysPossible, type PasskeyProof } from './passkey';
import { securityTexts } from './texts';
import styles from './security.module.css';

interface ProofFieldsProps {
  busy: boolean;
  disabled?: boolean;
  /** The person has recovery codes. */
  recovery: boolean;
  onProof: (proof: FactorProof) => void;
  /** Asks the server for a question to the person's passkeys; absent when they have none. */
  passkey?: (() => Promise<PasskeyProof>) | undefined;
}

/** Asks for one proof: a passkey, a code of the authenticator, or a recovery code. */
export function ProofFields({ busy, disabled = false, recovery, onProof, passkey }: ProofFieldsProps) {
  const t = securityTexts.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [paper, setPaper] = useState(false);
  const submit = ({ code }: { code: string }) => onProof(paper ? { recovery_code: code } : { totp: code });
  const prove = async (ask: () => Promise<PasskeyProof>) => {
    try {
      onProof({ passkey: await ask() });
    } catch (error) {
      if (isProblem(error)) showProblem(error);
      else if (!gaveUp(error)) void message.error(t('passkeyFailed'));
    }
  };
  return (
    <Form key={paper ? 'paper' : 'totp'} layout="vertical" requiredMark={false} size="large" onFinish={submit} disabled={busy}>
      <p className={styles.lead}>{t(paper ? 'recoveryLead' : 'secondLead')}</p>
      <Form.Item
        name="code"
        label={t(paper ? 'recoveryCode' : 'code')}
        validateTrigger="onSubmit"
        rules={[{ required: true, whitespace: true, message: t('codeRequired') }]}
      >
        <Input
          autoFocus
          autoComplete={paper ? 'off' : 'one-time-code'}
          inputMode={paper ? 'text' : 'numeric'}
          spellCheck={false}
          autoCapitalize="none"
          maxLength={paper ? 40 : 8}
          className={styles.code}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy} disabled={disabled}>
        {t('verify')}
      </Button>
      {passkey && passkeysPossible() ? (
        <Button block icon={<KeyOutlined />} className={styles.below} onClick={() => void prove(passkey)}>
          {t('usePasskey')}
        </Button>
      ) : null}
      {recovery ? (
        <Button type="text" block onClick={() => setPaper(!paper)}>
          {t(paper ? 'useTotp' : 'useRecovery')}
        </Button>
      ) : null}
    </Form>
  );
}
