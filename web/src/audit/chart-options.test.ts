import { describe, expect, it } from 'vitest';
import { ranked } from './chart-options';

describe('a ranking', () => {
  it('shows the largest first and no more than can be read', () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ name: `p${i}`, count: i }));
    expect(ranked(rows).map(({ count }) => count)).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
  });
});
