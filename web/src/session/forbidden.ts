import { ApiProblem } from '@/api/problem';

/** What a page shows to those whose capabilities do not open it, without asking the server in vain. */
export const FORBIDDEN = new ApiProblem({ type: 'about:blank', key: 'forbidden', title: 'forbidden', status: 403 }, null);
