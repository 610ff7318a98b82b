import { expect, it } from 'vitest';
import type { ChangeEvent } from '@/api/types';
import { groupByDay } from './group-by-day';

const at = (moment: string): ChangeEvent => ({ kind: 'change', id: moment, at: moment, person: null, object: 'customer', record_id: 'x', action: 'update', changes: [] });

it('groups what happened on one day of the reader, in order', () => {
  const days = groupByDay([at('2026-11-23T15:00:00'), at('2026-11-23T09:00:00'), at('2026-11-20T09:00:00')]);
  expect(days.map((day) => day.events.length)).toEqual([2, 1]);
  expect(days[0]?.events[0]?.id).toBe('2026-11-23T15:00:00');
});

it('has no days without events', () => {
  expect(groupByDay([])).toEqual([]);
});
