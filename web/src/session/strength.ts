import type { PasswordCheck } from '@/api/types';

/** Whose password it is: the name and login must not be part of it. */
export interface PasswordOwner {
  login: string;
  name: string;
}

/** The colour of the meter: good enough, getting there, weak. */
export function strengthColour({ score, ok }: PasswordCheck): 'colorSuccess' | 'colorWarning' | 'colorError' {
  if (ok) return 'colorSuccess';
  return score >= 2 ? 'colorWarning' : 'colorError';
}
