import type { Condition, ObjectName } from '@/api/types';
import type { records } from '../texts';

type TextKey = Parameters<typeof records.text>[0];

/** A quick filter: one press, named in the address. */
export interface QuickView {
  key: string;
  text: TextKey;
  condition?: Condition;
  sort?: string;
}

const mine: Condition = { field: 'owner', op: 'eq', value: { me: true } };
const department: Condition = { field: 'owner', op: 'in', value: { my_people: 'department' } };
const before = (field: string, days: number): Condition => ({ field, op: 'lt', value: { today: { days } } });
const since = (field: string, days: number): Condition => ({ field, op: 'ge', value: { today: { days } } });
const is = (field: string, value: string | boolean): Condition => ({ field, op: 'eq', value });

const ALL: QuickView = { key: 'all', text: 'view.all' };
const MINE: QuickView = { key: 'mine', text: 'view.mine', condition: mine };
const DEPARTMENT: QuickView = { key: 'department', text: 'view.department', condition: department };

/** The first view of an object is what its list opens with. */
export const QUICK_VIEWS: Record<ObjectName, QuickView[]> = {
  customer: [
    ALL,
    MINE,
    DEPARTMENT,
    { key: 'follow-ups', text: 'view.followUps', condition: { all: [mine, before('next_contact_at', 7)] }, sort: 'next_contact_at' },
    { key: 'recent', text: 'view.recent', condition: since('created_at', -6) },
  ],
  contact: [ALL, MINE, DEPARTMENT, { key: 'primary', text: 'view.primary', condition: is('primary', true) }],
  deal: [
    { key: 'open', text: 'view.open', condition: { not: { field: 'stage', op: 'in', value: ['won', 'lost'] } } },
    { key: 'mine', text: 'view.mine', condition: mine },
    DEPARTMENT,
    {
      key: 'closing',
      text: 'view.closingSoon',
      condition: { all: [{ not: { field: 'stage', op: 'in', value: ['won', 'lost'] } }, since('expected_close', 0), before('expected_close', 30)] },
      sort: 'expected_close',
    },
    { key: 'won', text: 'view.won', condition: is('stage', 'won') },
    ALL,
  ],
  communication: [
    { ...ALL, sort: '-occurred_at' },
    { ...MINE, sort: '-occurred_at' },
    { ...DEPARTMENT, sort: '-occurred_at' },
    { key: 'unmatched', text: 'view.unmatched', condition: is('status', 'unmatched'), sort: '-occurred_at' },
  ],
  task: [
    { key: 'mine', text: 'view.mine', condition: { all: [mine, is('status', 'open')] }, sort: 'due_at' },
    { key: 'department', text: 'view.department', condition: { all: [department, is('status', 'open')] }, sort: 'due_at' },
    { key: 'all', text: 'view.all', condition: is('status', 'open'), sort: 'due_at' },
    { key: 'done', text: 'view.done', condition: is('status', 'done'), sort: '-updated_at' },
  ],
};

export function findView(object: ObjectName, key: string | undefined): QuickView {
  const views = QUICK_VIEWS[object];
  return views.find((view) => view.key === key) ?? views[0] ?? ALL;
}
