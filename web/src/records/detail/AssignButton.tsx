import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import { recordKeys, records as api } from '@/api/records';
import type { ObjectName, RecordItem } from '@/api/types';
import { PersonPicker } from '@/ui/PersonPicker';
import { useProblem } from '@/ui/useProblem';
import { refreshLists } from '../cache';
import { records } from '../texts';
import styles from './detail.module.css';

interface AssignButtonProps {
  object: ObjectName;
  record: RecordItem;
  children: ReactNode;
}

/** Hands one record to somebody else. */
export function AssignButton({ object, record, children }: AssignButtonProps) {
  const t = records.useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [open, setOpen] = useState(false);
  const assign = useMutation({
    mutationFn: (owner: string) => api.assign(object, [record.id], owner),
    onSuccess: async ({ changed, refused }) => {
      setOpen(false);
      if (refused.length > 0) void message.warning(t('bulk.refused', { count: refused.length }));
      else void message.success(t('bulk.assigned', { count: changed }));
      await client.invalidateQueries({ queryKey: recordKeys.one(object, record.id) });
      await refreshLists(client, object);
    },
    onError: showProblem,
  });
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      title={t('detail.assign')}
      content={
        <div className={styles.assign}>
          <PersonPicker
            className={styles.full}
            aria-label={t('detail.owner')}
            disabled={assign.isPending}
            value={record.owner}
            label={record._labels.owner}
            allowClear={false}
            onChange={(owner) => owner !== null && owner !== record.owner && assign.mutate(owner)}
          />
          <p className={styles.quiet}>{t('bulk.assign.help')}</p>
        </div>
      }
    >
      {children}
    </Popover>
  );
}
