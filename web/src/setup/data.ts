import { useMutation } from '@tanstack/react-query';
import { api } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { SetupResult } from '@/api/types';
import { fieldErrors, problemText } from '@/ui/useProblem';
import { stepOfField, toRequest, type Answers, type Step } from './answers';
import { setupTexts } from './texts';

export function useSetup() {
  return useMutation({
    mutationFn: async (answers: Answers) => {
      if (answers.admin === null) throw new Error('set-up without an administrator');
      return api.post<SetupResult>('/setup', toRequest(answers, answers.admin, answers.everyday));
    },
  });
}

/** Why the set-up was refused, and the step where it can be mended. */
export function setupProblem(error: unknown): { text: string; step: Step } {
  if (isProblem(error, 'bad_credentials') || isProblem(error, 'forbidden')) {
    return { text: setupTexts.text('company.codeWrong'), step: 'company' };
  }
  const field = isProblem(error) ? error.fields[0] : undefined;
  if (field === undefined) return { text: problemText(error), step: 'everyday' };
  if (field.field === 'code') return { text: setupTexts.text('company.codeWrong'), step: 'company' };
  const reasons = fieldErrors(error).flatMap(({ errors }) => errors);
  return { text: reasons.join(' · '), step: stepOfField(field.field) };
}
