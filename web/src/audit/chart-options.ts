import type { LedgerSummary } from '@/api/types';
import type { ChartOption } from '@/ui/EChart';

/** Bars beyond this many would be too thin to read. */
const TOP = 8;

/** Entries hour by hour: the rhythm of the working day, and what falls out of it. */
export function hoursOption(summary: LedgerSummary, name: (hour: string) => string): ChartOption {
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: summary.by_hour.map(({ hour }) => name(hour)) },
    yAxis: { type: 'value', minInterval: 1 },
    series: [{ type: 'bar', data: summary.by_hour.map(({ count }) => count), barMaxWidth: 18 }],
  };
}

export interface Ranked {
  name: string;
  count: number;
}

/** The largest first, top to bottom. */
export function ranked(rows: Ranked[]): Ranked[] {
  return rows.toSorted((a, b) => b.count - a.count).slice(0, TOP);
}

export function rankingOption(rows: Ranked[]): ChartOption {
  const top = ranked(rows);
  return {
    grid: { left: 8, right: 40, top: 4, bottom: 4, containLabel: true },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'value', show: false },
    yAxis: { type: 'category', inverse: true, data: top.map(({ name }) => name), axisLine: { show: false } },
    series: [
      {
        type: 'bar',
        data: top.map(({ count }) => count),
        barMaxWidth: 14,
        label: { show: true, position: 'right' },
      },
    ],
  };
}
