import { Checkbox, Form } from 'antd';
import { useState } from 'react';
import type { NewAccount } from '@/api/types';
import { AccountFields } from './AccountFields';
import type { Answers } from './answers';
import styles from './Setup.module.css';
import { StepButtons, StepFrame } from './StepFrame';
import { setupTexts } from './texts';

interface EverydayStepProps {
  answers: Answers;
  busy: boolean;
  onBack: () => void;
  onFinish: (everyday: NewAccount | null) => void;
}

/** The founder's second account, because an administrator sees no customers; may be left out. */
export function EverydayStep({ answers, busy, onBack, onFinish }: EverydayStepProps) {
  const t = setupTexts.useText();
  const [wanted, setWanted] = useState(answers.everyday !== null);
  const initial = answers.everyday ? { ...answers.everyday, repeat: answers.everyday.password } : {};
  const submit = ({ name, login, password }: NewAccount) =>
    onFinish(wanted ? { name: name.trim(), login, password } : null);

  return (
    <StepFrame title={t('everyday.title')} lead={t('everyday.lead')}>
      <Checkbox className={styles.notice} checked={wanted} disabled={busy} onChange={(event) => setWanted(event.target.checked)}>
        {t('everyday.want')}
      </Checkbox>
      <Form<NewAccount>
        layout="vertical"
        requiredMark={false}
        size="large"
        initialValues={initial}
        disabled={busy}
        onFinish={submit}
      >
        {wanted && <AccountFields taken={answers.admin?.login} />}
        <StepButtons onBack={onBack} busy={busy} next={t(busy ? 'everyday.submitting' : 'everyday.submit')} />
      </Form>
    </StepFrame>
  );
}
