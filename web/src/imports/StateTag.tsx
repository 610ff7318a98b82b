import type { ImportState } from '@/api/types';
import { StatusTag, type Tone } from '@/ui/StatusTag';
import { importTexts } from './texts';

const TONE: Record<ImportState, Tone> = {
  mapping: 'plain',
  queued: 'info',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
};

export function StateTag({ state }: { state: ImportState }) {
  const t = importTexts.useText();
  return <StatusTag tone={TONE[state]}>{t(`state.${state}`)}</StatusTag>;
}
