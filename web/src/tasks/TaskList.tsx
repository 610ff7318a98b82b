import { CheckCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useFormats } from '@/i18n/format';
import type { ListState } from '@/records/list/useListState';
import { useRecordPages } from '@/records/list/useRecordPages';
import { DataState } from '@/ui/DataState';
import { groupTasks } from './group-tasks';
import { TaskRow } from './TaskRow';
import styles from './tasks.module.css';
import { tasks } from './texts';

/** Tasks by urgency, to be ticked off. */
export function TaskList({ state }: { state: ListState }) {
  const t = tasks.useText();
  const { number } = useFormats();
  const pages = useRecordPages('task', state.request);
  const [now] = useState(() => new Date());
  const groups = groupTasks(pages.items, now);
  return (
    <div className={styles.scroll}>
      <DataState query={pages.query} isEmpty={pages.items.length === 0} empty={{ icon: <CheckCircleOutlined />, title: t('empty'), help: t('empty.help') }}>
        {groups.map((group) => (
          <section key={group.key} className={styles.group} aria-label={t(`group.${group.key}`)}>
            <h2 className={styles.groupTitle} data-group={group.key}>
              {t(`group.${group.key}`)} <span className={styles.quiet}>{number(group.tasks.length)}</span>
            </h2>
            <ul className={styles.list}>
              {group.tasks.map((task) => (
                <TaskRow key={task.id} task={task} late={group.key === 'overdue'} open={state.search.open === task.id} onOpen={() => state.open(task.id)} />
              ))}
            </ul>
          </section>
        ))}
        {pages.hasMore ? <Button type="link" block loading={pages.isFetchingMore} onClick={pages.more}>{t('more')}</Button> : null}
      </DataState>
    </div>
  );
}
