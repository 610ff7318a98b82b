import { Form } from 'antd';
import type { NewAccount } from '@/api/types';
import { AccountFields } from './AccountFields';
import type { Answers } from './answers';
import { StepButtons, StepFrame } from './StepFrame';
import { setupTexts } from './texts';
import { ThreeOffices } from './ThreeOffices';

interface AdminStepProps {
  answers: Answers;
  onBack: () => void;
  onNext: (part: Pick<Answers, 'admin'>) => void;
}

export function AdminStep({ answers, onBack, onNext }: AdminStepProps) {
  const t = setupTexts.useText();
  const initial = answers.admin ? { ...answers.admin, repeat: answers.admin.password } : {};
  return (
    <StepFrame title={t('admin.title')} lead={t('admin.lead')}>
      <ThreeOffices />
      <Form<NewAccount>
        layout="vertical"
        requiredMark={false}
        size="large"
        initialValues={initial}
        onFinish={({ name, login, password }) => onNext({ admin: { name: name.trim(), login, password } })}
      >
        <AccountFields taken={answers.everyday?.login} />
        <StepButtons onBack={onBack} />
      </Form>
    </StepFrame>
  );
}
