import { problems } from '@/ui/problem-texts';
import { importTexts } from './texts';

/** Why a row stays out or needs a look: our words for the key, else the server's. */
export function reasonText(key: string, detail: string): string {
  const own = `reason.${key}`;
  if (importTexts.has(own)) return importTexts.text(own);
  return problems.has(key) ? problems.text(key) : detail;
}

/** 75 seconds are "2 minutes": nobody counts an estimate to the second. */
export function roughTime(seconds: number): string {
  if (seconds < 60) return importTexts.text('time.seconds', { count: seconds });
  if (seconds < 3600) return importTexts.text('time.minutes', { count: Math.ceil(seconds / 60) });
  return importTexts.text('time.hours', { count: Math.ceil(seconds / 3600) });
}
