import { Alert, Button, Form, Modal } from 'antd';
import type { FactorProof, Me } from '@/api/types';
import { problemText } from '@/ui/useProblem';
import { PasswordInput } from '../PasswordInput';
import { sessionTexts } from '../texts';
import { useStepUp } from './data';
import { provePasskey } from './passkey';
import { ProofFields } from './ProofFields';
import styles from './security.module.css';
import { securityTexts } from './texts';

interface Props {
  me: Me;
  /** The session was carried to another network or device. */
  moved: boolean;
  /** Called once: whether the proof was given. */
  onDone: (proved: boolean) => void;
}

/** Asks for a fresh proof of who is there. */
export default function StepUpDialog({ me, moved, onDone }: Props) {
  const t = securityTexts.useText();
  const stepUp = useStepUp();
  const prove = (proof: FactorProof & { password?: string }) =>
    stepUp.mutate(proof, { onSuccess: () => onDone(true) });

  return (
    <Modal open title={t('againTitle')} footer={null} onCancel={() => onDone(false)} width={400}>
      <p className={styles.lead}>{t(moved ? 'againMoved' : 'againLead')}</p>
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
