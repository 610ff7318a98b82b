import { Tag } from 'antd';
import type { ImportState } from '@/api/types';
import { importTexts } from './texts';

const COLOUR: Record<ImportState, string> = {
  mapping: 'default',
  queued: 'blue',
  running: 'processing',
  done: 'green',
  failed: 'red',
  cancelled: 'orange',
};

export function StateTag({ state }: { state: ImportState }) {
  const t = importTexts.useText();
  return <Tag color={COLOUR[state]}>{t(`state.${state}`)}</Tag>;
}
