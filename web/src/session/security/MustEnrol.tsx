import authStyles from '../AuthFrame.module.css';
import { EnrolTotp } from './EnrolTotp';
import { securityTexts } from './texts';

/** Those whose office needs a second factor set it up before anything else. */
export function MustEnrol({ onDone }: { onDone: () => void }) {
  const t = securityTexts.useText();
  return (
    <>
      <h1 className={authStyles.title}>{t('mustTitle')}</h1>
      <p className={authStyles.lead}>{t('mustLead')}</p>
      <EnrolTotp onDone={onDone} />
    </>
  );
}
