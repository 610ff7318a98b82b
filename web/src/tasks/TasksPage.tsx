import { RecordListPage } from '@/records/list/RecordListPage';

export default function TasksPage() {
  return <RecordListPage object="task" />;
}
