import { Form, Radio } from 'antd';
import { useLanguageSwitch } from '@/app/useLanguageSwitch';
import { useLanguage } from '@/i18n/catalogue';
import type { Language } from '@/i18n/language';
import { LANGUAGES } from '@/session/languages';
import type { Answers } from './answers';
import styles from './Setup.module.css';
import { StepButtons, StepFrame } from './StepFrame';
import { setupTexts } from './texts';

interface LanguageStepProps {
  onNext: (part: Pick<Answers, 'language'>) => void;
}

/** The language of the workspace is the one of the screen: what you read is what you choose. */
export function LanguageStep({ onNext }: LanguageStepProps) {
  const t = setupTexts.useText();
  const language = useLanguage();
  const switchTo = useLanguageSwitch();
  return (
    <StepFrame title={t('language.title')} lead={t('language.lead')}>
      <Form onFinish={() => onNext({ language })}>
        <Radio.Group
          aria-label={t('language.choose')}
          className={styles.languages}
          value={language}
          onChange={(event) => void switchTo(event.target.value as Language)}
        >
          {LANGUAGES.map(({ value, label }) => (
            <Radio key={value} value={value} className={styles.language}>
              <strong>{label}</strong> <span className={styles.quiet}>{t(`language.${value}`)}</span>
            </Radio>
          ))}
        </Radio.Group>
        <StepButtons />
      </Form>
    </StepFrame>
  );
}
