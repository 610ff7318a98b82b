import { Segmented } from 'antd';
import { useLanguageSwitch } from '@/app/useLanguageSwitch';
import { useLanguage } from '@/i18n/catalogue';
import { LANGUAGES } from './languages';
import { sessionTexts } from './texts';

/** Chooses the language of the screen, and of the account when somebody is signed in. */
export function LanguageSwitch() {
  const t = sessionTexts.useText();
  const switchTo = useLanguageSwitch();
  return (
    <Segmented aria-label={t('language')} options={LANGUAGES} value={useLanguage()} onChange={(next) => void switchTo(next)} />
  );
}
