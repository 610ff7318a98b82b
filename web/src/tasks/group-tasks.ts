import type { RecordItem } from '@/api/types';

export type TaskGroupKey = 'overdue' | 'today' | 'tomorrow' | 'week' | 'later' | 'undated' | 'done';

export interface TaskGroup {
  key: TaskGroupKey;
  tasks: RecordItem[];
}

const ORDER: TaskGroupKey[] = ['overdue', 'today', 'tomorrow', 'week', 'later', 'undated', 'done'];
const DAY_MS = 86_400_000;

/** When a task is due, in the reader's days. A task due earlier today is overdue only tomorrow. */
export function taskGroup(task: RecordItem, now: Date): TaskGroupKey {
  if (task.status !== 'open') return 'done';
  if (typeof task.due_at !== 'string') return 'undated';
  const startOfToday = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const days = Math.floor((new Date(task.due_at).getTime() - startOfToday) / DAY_MS);
  if (days < 0) return 'overdue';
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  return days < 7 ? 'week' : 'later';
}

/** Non-empty groups in the order of urgency; inside a group the order stays. */
export function groupTasks(tasks: readonly RecordItem[], now: Date): TaskGroup[] {
  return ORDER.map((key) => ({ key, tasks: tasks.filter((task) => taskGroup(task, now) === key) })).filter((group) => group.tasks.length > 0);
}
