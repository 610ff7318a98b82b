import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox } from 'antd';
import { records as api } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { changeCached, refreshLists } from '@/records/cache';
import { recordTitle } from '@/ui/record-title';
import { common } from '@/ui/texts';
import { useProblem } from '@/ui/useProblem';
import { tasks } from './texts';

/** Ticks a task off, at once and with a way back. */
export function TaskCheck({ task }: { task: RecordItem }) {
  const t = tasks.useText();
  const tc = common.useText();
  const client = useQueryClient();
  const { notification } = App.useApp();
  const { showProblem } = useProblem();
  const title = recordTitle('task', task);
  const done = task.status === 'done';

  const set = useMutation({
    mutationFn: ({ status, version }: { status: 'open' | 'done'; version: number }) => api.update('task', task.id, { status }, version),
    onMutate: ({ status }) => changeCached(client, task.id, (item) => ({ ...item, status })),
    onSuccess: (saved, { status }) => {
      changeCached(client, saved.id, () => saved);
      const toast = `task-${saved.id}`;
      notification.destroy(toast);
      if (status === 'open') return refreshLists(client, 'task');
      notification.success({
        key: toast,
        title: t('finished', { title }),
        placement: 'bottomRight',
        actions: <Button size="small" onClick={() => set.mutate({ status: 'open', version: saved.version })}>{tc('undo')}</Button>,
      });
      return refreshLists(client, 'task');
    },
    onError: (error, _wanted, undo) => {
      undo?.();
      showProblem(error);
    },
  });
  return (
    <Checkbox
      checked={done}
      disabled={!task._can.update || set.isPending}
      aria-label={done ? t('reopen', { title }) : t('finish', { title })}
      onChange={() => set.mutate({ status: done ? 'open' : 'done', version: task.version })}
    />
  );
}
