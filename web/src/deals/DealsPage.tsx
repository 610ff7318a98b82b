import { RecordListPage } from '@/records/list/RecordListPage';

export default function DealsPage() {
  return <RecordListPage object="deal" />;
}
