import type { LedgerSummary } from '@/api/types';
import type { ChartOption } from '@/ui/EChart';

/** Bars beyond this many would be too thin to read. */
const TOP = 8;

const HOUR_MS = 3_600_000;
/** Beyond this many hours a bar is a day. */
const MOST_HOURS = 14 * 24;

export interface Bar {
  at: Date;
  count: number;
}

/** One bar per hour from the first to the last, quiet hours included (the server leaves them out); days for long times. */
export function hourBars(hours: LedgerSummary['by_hour']): Bar[] {
  const counts = new Map(hours.map(({ hour, count }) => [Math.floor(Date.parse(hour) / HOUR_MS), count]));
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  if (counts.size === 0) return [];
  if (last - first >= MOST_HOURS) return dayBars(hours);
  return Array.from({ length: last - first + 1 }, (_, i) => ({ at: new Date((first + i) * HOUR_MS), count: counts.get(first + i) ?? 0 }));
}

function dayBars(hours: LedgerSummary['by_hour']): Bar[] {
  const counts = new Map<number, number>();
  for (const { hour, count } of hours) {
    const day = new Date(hour).setHours(0, 0, 0, 0);
    counts.set(day, (counts.get(day) ?? 0) + count);
  }
  const bars: Bar[] = [];
  const end = Math.max(...counts.keys());
  for (const day = new Date(Math.min(...counts.keys())); day.getTime() <= end; day.setDate(day.getDate() + 1)) {
    bars.push({ at: new Date(day), count: counts.get(day.getTime()) ?? 0 });
  }
  return bars;
}

/** The rhythm of the working day, and what falls out of it. */
export function hoursOption(summary: LedgerSummary, name: (at: string) => string): ChartOption {
  const bars = hourBars(summary.by_hour);
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: bars.map(({ at }) => name(at.toISOString())) },
    yAxis: { type: 'value', minInterval: 1 },
    series: [{ type: 'bar', data: bars.map(({ count }) => count), barMaxWidth: 18 }],
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

/** `ink` writes the numbers; left alone ECharts outlines them, which blurs in the dark. */
export function rankingOption(rows: Ranked[], ink: string): ChartOption {
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
        label: { show: true, position: 'right', color: ink, textBorderWidth: 0 },
      },
    ],
  };
}
