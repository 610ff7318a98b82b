import { useSyncExternalStore } from 'react';
import type { ApiProblem } from '@/api/problem';

/** When the server did not say how long a lock lasts. */
const UNKNOWN_WAIT_S = 60;

/** The seconds a locked-out or throttled person has to wait. */
export function waitSeconds(problem: ApiProblem): number {
  const seconds = Number(problem.params.retry_after_s ?? problem.params.retry_after ?? UNKNOWN_WAIT_S);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : UNKNOWN_WAIT_S;
}

/** 75 → 1:15 */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const TICK_MS = 500;

function everyTick(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}

/** Seconds left until a moment (ms since the epoch), counting down by itself; 0 when over. */
export function useCountdown(until: number): number {
  return useSyncExternalStore(everyTick, () => Math.max(0, Math.ceil((until - Date.now()) / 1000)));
}
