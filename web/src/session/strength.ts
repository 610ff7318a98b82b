import type { PasswordCheck } from '@/api/types';

/** Whose password it is: the name and login must not be part of it. */
export interface PasswordOwner {
  login: string;
  name: string;
}

/** The colour of the meter: good enough, getting there, weak. */
export function strengthTone({ score, ok }: PasswordCheck): 'success' | 'normal' | 'exception' {
  if (ok) return 'success';
  return score >= 2 ? 'normal' : 'exception';
}
