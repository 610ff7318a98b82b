import { Alert, Button } from 'antd';
import { isProblem } from '@/api/problem';
import type { Me } from '@/api/types';
import { problemText } from '@/ui/useProblem';
import styles from './AuthFrame.module.css';
import { useSecondFactor } from './data';
import { provePasskey } from './security/passkey';
import { ProofFields } from './security/ProofFields';
import { securityTexts } from './security/texts';

interface SecondFactorProps {
  attempt: string;
  factors: string[];
  onSignedIn: (me: Me) => void;
  onLeave: () => void;
}

/** The second half of a sign-in. */
export function SecondFactor({ attempt, factors, onSignedIn, onLeave }: SecondFactorProps) {
  const t = securityTexts.useText();
  const second = useSecondFactor(attempt);
  return (
    <>
      <h1 className={styles.title}>{t('secondTitle')}</h1>
      {second.error ? (
        <Alert
          type="error"
          showIcon
          className={styles.notice}
          title={isProblem(second.error, 'bad_credentials') ? t('wrongCode') : problemText(second.error)}
        />
      ) : null}
      <ProofFields
        busy={second.isPending}
        recovery={factors.includes('recovery_codes')}
        passkey={factors.includes('passkey') ? () => provePasskey('/session/factor/options', { attempt }) : undefined}
        onProof={(proof) => second.mutate(proof, { onSuccess: onSignedIn })}
      />
      <Button type="text" block onClick={onLeave}>{t('backToPassword')}</Button>
    </>
  );
}
