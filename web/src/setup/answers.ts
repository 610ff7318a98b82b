import type { NewAccount, SetupRequest } from '@/api/types';
import type { Language } from '@/i18n/language';

/** Everything the set-up asks; it lives in this page's memory only, never in storage. */
export interface Answers {
  code: string;
  language: Language;
  company: string;
  admin: NewAccount | null;
  everyday: NewAccount | null;
}

export const STEPS = ['language', 'company', 'admin', 'everyday'] as const;
export type Step = (typeof STEPS)[number];

/** The step to show: the one asked for, unless an earlier one is still unanswered (as after a reload). */
export function reachableStep(asked: string | undefined, answers: Answers): Step {
  const step = STEPS.find((name) => name === asked) ?? 'language';
  const gap = STEPS.find((name) => !isAnswered(name, answers));
  return gap !== undefined && STEPS.indexOf(gap) < STEPS.indexOf(step) ? gap : step;
}

function isAnswered(step: Step, answers: Answers): boolean {
  if (step === 'company') return answers.company !== '' && answers.code !== '';
  if (step === 'admin') return answers.admin !== null;
  return true;
}

/** The step where a complaint of the server can be mended: `admin.login` → admin. */
export function stepOfField(field: string): Step {
  const head = field.split('.')[0];
  return head === 'admin' || head === 'everyday' || head === 'language' ? head : 'company';
}

export function toRequest(answers: Answers, admin: NewAccount, everyday: NewAccount | null): SetupRequest {
  const { code, company, language } = answers;
  return { code, company, language, admin, ...(everyday ? { everyday } : {}) };
}

/** Logins that the set-up gives to the two other administrations. */
const RESERVED = ['security', 'audit'];

export function isReservedLogin(login: string): boolean {
  return RESERVED.includes(login.trim().toLowerCase());
}
