import { ApiProblem } from '@/api/problem';
import { ErrorFace } from './DataState';
import { Page } from './Page';
import { PageHeader } from './PageHeader';

const FORBIDDEN = new ApiProblem({ type: 'about:blank', key: 'forbidden', title: 'forbidden', status: 403 }, null);

/** A page for those whose capabilities do not open it, without asking the server in vain. */
export function ForbiddenPage({ title }: { title: string }) {
  return (
    <Page>
      <PageHeader title={title} />
      <ErrorFace error={FORBIDDEN} />
    </Page>
  );
}
