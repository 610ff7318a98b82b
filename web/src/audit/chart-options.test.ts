import { describe, expect, it } from 'vitest';
import { hourBars, ranked } from './chart-options';

const hour = (at: string, count: number) => ({ hour: at, count });

describe('the bars of time', () => {
  it('include the quiet hours that the server leaves out', () => {
    const bars = hourBars([hour('2026-11-23T01:00:00Z', 4), hour('2026-11-23T04:00:00Z', 2)]);
    expect(bars.map(({ count }) => count)).toEqual([4, 0, 0, 2]);
  });

  it('are days when there would be too many hours, and lose no entry', () => {
    const bars = hourBars([hour('2026-10-01T01:00:00Z', 4), hour('2026-10-01T02:00:00Z', 1), hour('2026-11-23T04:00:00Z', 2)]);
    expect(bars.length).toBe(54);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(7);
  });

  it('are none without entries', () => {
    expect(hourBars([])).toEqual([]);
  });
});

describe('a ranking', () => {
  it('shows the largest first and no more than can be read', () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ name: `p${i}`, count: i }));
    expect(ranked(rows).map(({ count }) => count)).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
  });
});
