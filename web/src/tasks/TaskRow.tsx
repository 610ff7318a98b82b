import type { RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { OptionTag } from '@/records/fields/OptionTag';
import { RecordLink } from '@/records/fields/RecordLink';
import { findField, useObject } from '@/records/useObject';
import { recordTitle } from '@/ui/record-title';
import { TaskCheck } from './TaskCheck';
import styles from './tasks.module.css';

interface TaskRowProps {
  task: RecordItem;
  late: boolean;
  open?: boolean;
  /** On the home page every task is mine: no need to say so. */
  mine?: boolean;
  onOpen: () => void;
}

export function TaskRow({ task, late, open = false, mine = false, onOpen }: TaskRowProps) {
  const { relative, dateTime } = useFormats();
  const object = useObject('task');
  const priority = object === undefined ? undefined : findField(object, 'priority');
  const urgent = task.priority === 'high' || task.priority === 'urgent';
  return (
    <li className={styles.row} data-open={open} data-done={task.status === 'done'}>
      <TaskCheck task={task} />
      <button type="button" className={styles.title} onClick={onOpen}>{recordTitle('task', task)}</button>
      {urgent && priority !== undefined ? <OptionTag field={priority} value={String(task.priority)} /> : null}
      <span className={styles.customer}>
        {typeof task.customer === 'string' ? <RecordLink object="customer" id={task.customer} label={task._labels.customer} /> : null}
      </span>
      {mine ? null : <span className={styles.owner}>{task._labels.owner}</span>}
      <span className={styles.due} data-late={late} title={typeof task.due_at === 'string' ? dateTime(task.due_at) : undefined}>
        {typeof task.due_at === 'string' ? relative(task.due_at) : ''}
      </span>
    </li>
  );
}
