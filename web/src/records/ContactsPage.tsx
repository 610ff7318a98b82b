import { RecordListPage } from './list/RecordListPage';

export default function ContactsPage() {
  return <RecordListPage object="contact" />;
}
