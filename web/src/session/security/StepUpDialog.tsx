import { Alert, Button, Form, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { whenProofIsNeeded } from '@/api/step-up';
import type { FactorProof, Me } from '@/api/types';
import { problemText } from '@/ui/useProblem';
import { PasswordInput } from '../PasswordInput';
import { sessionTexts } from '../texts';
import { useStepUp } from './data';
import { provePasskey } from './passkey';
import { ProofFields } from './ProofFields';
import styles from './security.module.css';
import { securityTexts } from './texts';

interface Asked {
  moved: boolean;
  answer: (proved: boolean) => void;
}

/** Asks for a proof when the server wants one; the request that met the refusal is repeated afterwards. */
export function StepUpDialog({ me }: { me: Me }) {
  const t = securityTexts.useText();
  const [asked, setAsked] = useState<Asked>();
  const stepUp = useStepUp();

  useEffect(() => {
    whenProofIsNeeded(
      (problem) => new Promise((answer) => setAsked({ moved: problem.key === 'must_prove_again', answer })),
    );
    return () => whenProofIsNeeded(undefined);
  }, []);

  const finish = (proved: boolean) => {
    asked?.answer(proved);
    setAsked(undefined);
    stepUp.reset();
  };
  const prove = (proof: FactorProof & { password?: string }) =>
    stepUp.mutate(proof, { onSuccess: () => finish(true) });

  return (
    <Modal open={asked !== undefined} title={t('againTitle')} footer={null} onCancel={() => finish(false)} destroyOnHidden width={400}>
      <p className={styles.lead}>{t(asked?.moved ? 'againMoved' : 'againLead')}</p>
      {stepUp.error ? <Alert type="error" showIcon className={styles.notice} title={problemText(stepUp.error)} /> : null}
      {me.second_factor ? (
        <ProofFields busy={stepUp.isPending} recovery onProof={prove} passkey={() => provePasskey('/session/step_up/options')} />
      ) : (
        <PasswordProof busy={stepUp.isPending} onPassword={(password) => prove({ password })} />
      )}
    </Modal>
  );
}

function PasswordProof({ busy, onPassword }: { busy: boolean; onPassword: (password: string) => void }) {
  const t = sessionTexts.useText();
  const own = securityTexts.useText();
  return (
    <Form layout="vertical" requiredMark={false} disabled={busy} onFinish={({ password }: { password: string }) => onPassword(password)}>
      <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('passwordRequired') }]}>
        <PasswordInput autoComplete="current-password" autoFocus />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy}>{own('verify')}</Button>
    </Form>
  );
}
