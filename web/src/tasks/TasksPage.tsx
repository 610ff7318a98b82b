import { TableOutlined, UnorderedListOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import type { ListSearch } from '@/app/list-search';
import { RecordListPage } from '@/records/list/RecordListPage';
import { TaskList } from './TaskList';
import { tasks } from './texts';

/** What is to be done: a check-off list by urgency, or the table. */
export default function TasksPage() {
  const t = tasks.useText();
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const mode = search.mode ?? 'list';
  return (
    <RecordListPage
      object="task"
      modeSwitch={
        <Segmented<'list' | 'table'>
          aria-label={t('mode.label')}
          value={mode === 'table' ? 'table' : 'list'}
          onChange={(next) => void navigate({ to: '/tasks', search: { ...search, mode: next === 'table' ? 'table' : undefined } })}
          options={[
            { value: 'list', icon: <UnorderedListOutlined />, label: t('mode.list') },
            { value: 'table', icon: <TableOutlined />, label: t('mode.table') },
          ]}
        />
      }
      {...(mode === 'table' ? {} : { body: (state) => <TaskList state={state} /> })}
    />
  );
}
