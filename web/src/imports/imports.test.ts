import { describe, expect, it } from 'vitest';
import type { ImportColumn, ImportProgress } from '@/api/types';
import { assign, firstMapping, missingRequired, previewAsMapped } from './mapping';
import { secondsLeft, tally } from './tally';

const columns: ImportColumn[] = [
  { index: 0, header: '客户名称', samples: ['远山科技'], suggested: 'name' },
  { index: 1, header: '名称2', samples: [''], suggested: 'name' },
  { index: 2, header: '电话', samples: ['13800001111'], suggested: 'phone' },
  { index: 3, header: '其他', samples: [], suggested: null },
];

const progress: ImportProgress = { done: 600, created: 500, updated: 40, skipped: 50, failed: 10, unmatched: 30, near: 0, total: 1000 };

describe('column mapping', () => {
  it('starts from suggestions, giving each field to one column only', () => {
    expect(firstMapping(columns, [])).toEqual([
      { column: 0, field: 'name' },
      { column: 2, field: 'phone' },
    ]);
  });

  it('keeps a saved mapping', () => {
    expect(firstMapping(columns, [{ column: 3, field: 'note' }])).toEqual([{ column: 3, field: 'note' }]);
  });

  it('moves a field that is chosen for another column, and frees a column', () => {
    const mapping = firstMapping(columns, []);
    expect(assign(mapping, 1, 'name')).toEqual([
      { column: 1, field: 'name' },
      { column: 2, field: 'phone' },
    ]);
    expect(assign(mapping, 2, null)).toEqual([{ column: 0, field: 'name' }]);
  });

  it('names the required fields that no column feeds', () => {
    const fields = [
      { name: 'name', required: true },
      { name: 'phone', required: false },
    ];
    expect(missingRequired(fields, [{ column: 2, field: 'phone' }]).map((field) => field.name)).toEqual(['name']);
  });

  it('shows the preview by mapped column, short rows filled up', () => {
    expect(previewAsMapped([['A', '', '1'], ['B']], firstMapping(columns, []))).toEqual([
      ['A', '1'],
      ['B', ''],
    ]);
  });
});

describe('import tally', () => {
  it('adds up', () => {
    expect(tally(progress)).toEqual({ accounted: 600, missing: 0, left: 400, percent: 60 });
  });

  it('raises what ended nowhere', () => {
    expect(tally({ ...progress, failed: 7 }).missing).toBe(3);
  });

  it('is calm before the total is known', () => {
    expect(tally({ ...progress, done: 0, total: null })).toMatchObject({ percent: 0, left: null });
  });

  it('tells the time left only when there is a speed', () => {
    expect(secondsLeft(progress, 200)).toBe(2);
    expect(secondsLeft(progress, 0)).toBeNull();
  });
});
