import { Suspense, lazy, useEffect, useState } from 'react';
import { whenProofIsNeeded } from '@/api/step-up';
import type { Me } from '@/api/types';

const StepUpDialog = lazy(() => import('./StepUpDialog'));

interface Asked {
  moved: boolean;
  answer: (proved: boolean) => void;
}

/** Asks for a proof when the server wants one; the request that met the refusal is repeated afterwards. */
export function StepUp({ me }: { me: Me }) {
  const [asked, setAsked] = useState<Asked>();

  useEffect(() => {
    whenProofIsNeeded(
      (problem) => new Promise((answer) => setAsked({ moved: problem.key === 'must_prove_again', answer })),
    );
    return () => whenProofIsNeeded(undefined);
  }, []);

  const finish = (proved: boolean) => {
    asked?.answer(proved);
    setAsked(undefined);
  };
  if (!asked) return null;
  return (
    <Suspense fallback={null}>
      <StepUpDialog me={me} moved={asked.moved} onDone={finish} />
    </Suspense>
  );
}
