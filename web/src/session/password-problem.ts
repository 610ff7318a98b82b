import { isProblem } from '@/api/problem';
import { problemText } from '@/ui/useProblem';
import { sessionTexts } from './texts';

/** Why a password change was refused: the present one is wrong, or what is weak about the new one. */
export function passwordProblemText(error: unknown): string {
  if (isProblem(error, 'bad_credentials')) return sessionTexts.text('currentWrong');
  if (!isProblem(error)) return problemText(error);
  if (error.fields.some(({ key }) => key === 'bad_credentials')) return sessionTexts.text('currentWrong');
  const reasons = error.fields
    .map(({ key }) => `problem.${key}`)
    .filter((key) => sessionTexts.has(key))
    .map((key) => sessionTexts.text(key));
  return reasons.length > 0 ? reasons.join(' · ') : problemText(error);
}
