import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { BreakGlass } from '@/api/types';

export const breakGlassQuery = queryOptions({
  queryKey: ['break-glass'],
  queryFn: ({ signal }) => api.get<BreakGlass>('/break_glass', undefined, signal),
  // An alarm that nobody sees is none.
  refetchInterval: (query) => (query.state.error === null ? 30_000 : false),
});

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: breakGlassQuery.queryKey }) });
}

export const useSeal = () => useChange((custodians: string[]) => api.put('/break_glass', { custodians }));
export const useCollectCode = () => useChange(() => api.post<{ code: string }>('/break_glass/code'));

export interface Opened {
  open: boolean;
  until?: string | null;
}

export const useGiveCode = () => useMutation({ mutationFn: (code: string) => api.post<Opened>('/break_glass/open', { code }) });
