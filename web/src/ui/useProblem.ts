import { App } from 'antd';
import { useCallback, useMemo } from 'react';
import { ApiProblem } from '@/api/problem';
import { problems } from './problem-texts';
import { common } from './texts';

/** A problem in words: our text for its key, else what the server says. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return problems.text('internal');
  if (problems.has(error.key)) return problems.text(error.key, error.words);
  return error.detail ?? problems.text('internal');
}

export interface FieldError {
  name: string;
  errors: string[];
}

/** The complaints per field, in the shape of antd's `form.setFields`. */
export function fieldErrors(error: unknown): FieldError[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.fields.map(({ field, key, detail }) => ({
    name: field,
    errors: [problems.has(key) ? problems.text(key) : (detail ?? problems.text('invalid'))],
  }));
}

/** Tells the person what failed and, for server errors, the number to quote. */
export function useProblem() {
  const { notification } = App.useApp();
  const showProblem = useCallback(
    (error: unknown) => {
      const request = error instanceof ApiProblem && error.status >= 500 ? error.requestId : null;
      const complaints = fieldErrors(error).flatMap((field) => field.errors);
      notification.error({
        title: problemText(error),
        description: request === null ? complaints.join(' · ') : common.text('requestId', { id: request }),
        placement: 'bottomRight',
      });
    },
    [notification],
  );
  return useMemo(() => ({ showProblem, problemText, fieldErrors }), [showProblem]);
}
