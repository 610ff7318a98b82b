import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import type { ChartOption } from './EChart';

const EChart = lazy(() => import('./EChart'));

export interface ChartProps {
  /** What the picture says, for those who do not see it. */
  label: string;
  option: ChartOption;
  height?: number;
  onPick?: (name: string) => void;
}

/** A chart; ECharts loads only when one is on screen. */
export function Chart({ height = 240, ...chart }: ChartProps) {
  return (
    <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height }} />}>
      <EChart height={height} {...chart} />
    </Suspense>
  );
}
