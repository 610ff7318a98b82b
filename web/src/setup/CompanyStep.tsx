import { Alert, Form, Input } from 'antd';
import { useState } from 'react';
import type { Answers } from './answers';
import { codeFromHash } from './kit';
import styles from './Setup.module.css';
import { StepButtons, StepFrame } from './StepFrame';
import { setupTexts } from './texts';

interface CompanyStepProps {
  answers: Answers;
  onBack: () => void;
  onNext: (part: Pick<Answers, 'company' | 'code'>) => void;
}

export function CompanyStep({ answers, onBack, onNext }: CompanyStepProps) {
  const t = setupTexts.useText();
  // Asked for only when the start address did not bring it, or when what it brought was refused.
  const [brought] = useState(() => codeFromHash(window.location.hash));
  return (
    <StepFrame title={t('company.title')} lead={t('company.lead')}>
      <Form<Pick<Answers, 'company' | 'code'>>
        layout="vertical"
        requiredMark={false}
        size="large"
        initialValues={answers}
        onFinish={({ company, code }) => onNext({ company: company.trim(), code: code.trim() })}
      >
        <Form.Item
          name="company"
          label={t('company.name')}
          rules={[{ required: true, whitespace: true, message: t('company.required') }]}
        >
          <Input autoComplete="organization" placeholder={t('company.placeholder')} maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('company.code')}
          extra={brought === '' ? t('company.codeHelp') : undefined}
          rules={[{ required: true, whitespace: true, message: t('company.codeRequired') }]}
        >
          <Input autoComplete="off" autoCapitalize="characters" spellCheck={false} className={styles.mono} />
        </Form.Item>
        {brought !== '' && <Alert type="success" showIcon className={styles.notice} title={t('company.codeFound')} />}
        <StepButtons onBack={onBack} />
      </Form>
    </StepFrame>
  );
}
