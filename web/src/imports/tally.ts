import type { ImportProgress } from '@/api/types';

export interface Tally {
  /** Rows that ended somewhere: created, updated, skipped or failed. */
  accounted: number;
  /** Rows the server calls done but that ended nowhere; anything but 0 is shown as an alarm (DESIGN 3.10). */
  missing: number;
  /** Rows not yet looked at; null while the file is still being counted. */
  left: number | null;
  percent: number;
}

/** Adds the counters up. Unmatched messages are created ones too (kept for review), so they are not added again. */
export function tally(progress: ImportProgress): Tally {
  const accounted = progress.created + progress.updated + progress.skipped + progress.failed;
  return {
    accounted,
    missing: progress.done - accounted,
    left: progress.total === null ? null : Math.max(progress.total - progress.done, 0),
    percent: progress.total ? Math.min(100, Math.floor((progress.done / progress.total) * 100)) : 0,
  };
}

/** Seconds until the end at the present speed; null while the speed is unknown. */
export function secondsLeft(progress: ImportProgress, perSecond: number | null): number | null {
  const { left } = tally(progress);
  if (left === null || perSecond === null || perSecond <= 0) return null;
  return Math.ceil(left / perSecond);
}
