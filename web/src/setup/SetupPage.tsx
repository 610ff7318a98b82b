import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, Steps } from 'antd';
import { CheckCircleOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { setupQuery } from '@/api/session';
import type { SetupResult } from '@/api/types';
import { useLanguage } from '@/i18n/catalogue';
import { AuthFrame } from '@/session/AuthFrame';
import { DataState, StateFace } from '@/ui/DataState';
import { STEPS, reachableStep, type Answers, type Step } from './answers';
import { CompanyStep } from './CompanyStep';
import { AdminStep } from './AdminStep';
import { EverydayStep } from './EverydayStep';
import { KitStep } from './KitStep';
import { LanguageStep } from './LanguageStep';
import styles from './Setup.module.css';
import { codeFromHash } from './kit';
import { setupProblem, useSetup } from './data';
import { setupTexts } from './texts';

/** The first start in the browser: four questions, then the recovery kit, once. */
export default function SetupPage() {
  const status = useQuery(setupQuery);
  const [result, setResult] = useState<SetupResult>();
  const [answers, setAnswers] = useFirstAnswers();
  return (
    <AuthFrame wide>
      <DataState query={status}>
        {result ? (
          <>
            <Progress current={STEPS.length} />
            <KitStep result={result} answers={answers} />
          </>
        ) : status.data?.needed ? (
          <Questions answers={answers} onAnswers={setAnswers} onDone={setResult} />
        ) : (
          <AlreadyDone />
        )}
      </DataState>
    </AuthFrame>
  );
}

function useFirstAnswers() {
  const language = useLanguage();
  return useState<Answers>(() => ({
    code: codeFromHash(window.location.hash),
    language,
    company: '',
    admin: null,
    everyday: null,
  }));
}

interface QuestionsProps {
  answers: Answers;
  onAnswers: (answers: Answers) => void;
  onDone: (result: SetupResult) => void;
}

function Questions({ answers, onAnswers, onDone }: QuestionsProps) {
  const t = setupTexts.useText();
  const navigate = useNavigate();
  const search: { step?: string } = useSearch({ strict: false });
  const setup = useSetup();
  const step = reachableStep(search.step, answers);
  const go = (next: Step) => void navigate({ to: '/setup', search: { step: next }, hash: true });

  const answer = (part: Partial<Answers>, next: Step) => {
    onAnswers({ ...answers, ...part });
    setup.reset();
    go(next);
  };
  const finish = (everyday: Answers['everyday']) => {
    const complete = { ...answers, everyday };
    onAnswers(complete);
    setup.mutate(complete, {
      onSuccess: onDone,
      onError: (error) => go(setupProblem(error).step),
    });
  };

  return (
    <>
      <Progress current={STEPS.indexOf(step)} />
      {setup.error && (
        <Alert type="error" showIcon className={styles.notice} title={t('failed.title')} description={setupProblem(setup.error).text} />
      )}
      {step === 'language' && <LanguageStep onNext={(part) => answer(part, 'company')} />}
      {step === 'company' && (
        <CompanyStep answers={answers} onBack={() => go('language')} onNext={(part) => answer(part, 'admin')} />
      )}
      {step === 'admin' && (
        <AdminStep answers={answers} onBack={() => go('company')} onNext={(part) => answer(part, 'everyday')} />
      )}
      {step === 'everyday' && (
        <EverydayStep answers={answers} busy={setup.isPending} onBack={() => go('admin')} onFinish={finish} />
      )}
    </>
  );
}

function Progress({ current }: { current: number }) {
  const t = setupTexts.useText();
  return (
    <nav aria-label={t('steps')} className={styles.steps}>
      <Steps
        size="small"
        responsive={false}
        current={current}
        items={[...STEPS, 'kit' as const].map((name) => ({ title: t(`step.${name}`) }))}
      />
    </nav>
  );
}

function AlreadyDone() {
  const t = setupTexts.useText();
  const navigate = useNavigate();
  return (
    <StateFace
      icon={<CheckCircleOutlined />}
      title={t('done.title')}
      help={t('done.help')}
      action={
        <Button type="primary" onClick={() => void navigate({ to: '/sign-in' })}>
          {t('done.signIn')}
        </Button>
      }
    />
  );
}
