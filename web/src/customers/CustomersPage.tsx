import { RecordListPage } from '@/records/list/RecordListPage';

export default function CustomersPage() {
  return <RecordListPage object="customer" />;
}
