import type { ApiProblem } from './problem';

type Prove = (problem: ApiProblem) => Promise<boolean>;

/** Asks the person to prove again who they are; set by the shell, which has the dialog. */
let prove: Prove | undefined;
/** One dialog for all requests that wait for it. */
let waiting: Promise<boolean> | undefined;

export function whenProofIsNeeded(handler: Prove | undefined): void {
  prove = handler;
}

export function needsProof(problem: ApiProblem): boolean {
  return problem.key === 'step_up_required' || problem.key === 'must_prove_again';
}

/** True when the person has proved it and the request may be repeated. */
export async function proveAgain(problem: ApiProblem): Promise<boolean> {
  if (!prove) return false;
  waiting ??= prove(problem).finally(() => (waiting = undefined));
  return waiting;
}
