import { useNavigate, useParams } from '@tanstack/react-router';
import CustomerView from './CustomerView';

/** The full page of one customer. */
export default function CustomerPage() {
  const { id } = useParams({ from: '/shell/customers/$id' });
  const navigate = useNavigate();
  return <CustomerView key={id} id={id} layout="page" onDeleted={() => void navigate({ to: '/customers' })} />;
}
