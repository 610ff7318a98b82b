import { RecordListPage } from '@/records/list/RecordListPage';

export default function CommunicationsPage() {
  return <RecordListPage object="communication" />;
}
