import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import type { FactorProof } from '@/api/types';
import { securityTexts } from './texts';
import styles from './security.module.css';

interface ProofFieldsProps {
  busy: boolean;
  disabled?: boolean;
  /** The person has recovery codes. */
  recovery: boolean;
  onProof: (proof: FactorProof) => void;
}

/** Asks for one proof: a code of the authenticator, or a recovery code. */
export function ProofFields({ busy, disabled = false, recovery, onProof }: ProofFieldsProps) {
  const t = securityTexts.useText();
  const [paper, setPaper] = useState(false);
  const submit = ({ code }: { code: string }) => onProof(paper ? { recovery_code: code } : { totp: code });
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
      {recovery ? (
        <Button type="text" block onClick={() => setPaper(!paper)}>
          {t(paper ? 'useTotp' : 'useRecovery')}
        </Button>
      ) : null}
    </Form>
  );
}
