import { CheckCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { recordTopQuery } from '@/api/records';
import { findView } from '@/records/list/views';
import { taskGroup } from '@/tasks/group-tasks';
import { TaskRow } from '@/tasks/TaskRow';
import { DataState } from '@/ui/DataState';
import { HomeCard } from './HomeCard';
import styles from './home.module.css';
import { home } from './texts';

/** My open tasks, the most urgent first. */
export function MyTasksCard() {
  const t = home.useText();
  const navigate = useNavigate();
  const [now] = useState(() => new Date());
  const query = useQuery(recordTopQuery('task', { filter: findView('task', 'mine').condition, sort: 'due_at' }, 8));
  const items = query.data?.items ?? [];
  return (
    <HomeCard title={t('tasks')} extra={<Link to="/tasks">{t('tasks.all')}</Link>}>
      <DataState query={query} isEmpty={items.length === 0} empty={{ icon: <CheckCircleOutlined />, title: t('tasks.empty'), help: t('tasks.empty.help') }}>
        <ul className={styles.list}>
          {items.map((task) => (
            <TaskRow key={task.id} mine task={task} late={taskGroup(task, now) === 'overdue'} onOpen={() => void navigate({ to: '/tasks', search: { open: task.id } })} />
          ))}
        </ul>
      </DataState>
    </HomeCard>
  );
}
