import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@/api/problem';

/** Only what may heal by itself is asked again; a refusal stays a refusal. */
function worthRetrying(failures: number, error: unknown): boolean {
  const status = error instanceof ApiProblem ? error.status : 500;
  return failures < 2 && (status === 0 || status === 503);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: worthRetrying, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});
