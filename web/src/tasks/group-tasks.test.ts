import { expect, it } from 'vitest';
import type { RecordItem } from '@/api/types';
import { groupTasks } from './group-tasks';

const NOW = new Date('2026-11-23T15:00:00');
const task = (id: string, due_at: string | null, status = 'open'): RecordItem => ({
  id, due_at, status, version: 1, created_at: '', updated_at: '', owner: null, department: null, _masked: [], _labels: {},
  _can: { update: true, delete: true, reveal: false, assign: false },
});

it('orders tasks by urgency and drops empty groups', () => {
  const groups = groupTasks(
    [
      task('later', '2026-12-24T09:00:00'),
      task('morning', '2026-11-23T09:00:00'),
      task('yesterday', '2026-11-22T23:59:00'),
      task('tomorrow', '2026-11-24T00:00:00'),
      task('sunday', '2026-11-29T10:00:00'),
      task('someday', null),
      task('finished', '2026-11-20T09:00:00', 'done'),
    ],
    NOW,
  );
  expect(groups.map((group) => [group.key, group.tasks.map((item) => item.id)])).toEqual([
    ['overdue', ['yesterday']],
    ['today', ['morning']],
    ['tomorrow', ['tomorrow']],
    ['week', ['sunday']],
    ['later', ['later']],
    ['undated', ['someday']],
    ['done', ['finished']],
  ]);
  expect(groupTasks([], NOW)).toEqual([]);
});
