import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { components } from '@/api/schema';

type Schema = components['schemas'];
export type Leaving = Schema['Leaving'];
export type LeavingReport = Schema['LeavingReport'];
export type LeavePreview = Schema['LeavePreview'];
export type LeavingPlan = Schema['LeavingPlan'];
export type LeaveRequest = Schema['LeaveRequest'];

export const previewQuery = (person: string) =>
  queryOptions({
    queryKey: ['leavers', 'preview', person],
    queryFn: ({ signal }) => api.get<LeavePreview>(`/people/${person}/leave`, undefined, signal),
    staleTime: 0,
  });

export const leaversQuery = queryOptions({
  queryKey: ['leavers', 'list'],
  queryFn: ({ signal }) => api.get<{ items: Leaving[] }>('/leavers', undefined, signal),
  select: (data) => data.items,
});

/** Asks again while records are still moving. */
export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['leavers', 'one', id],
    queryFn: ({ signal }) => api.get<LeavingReport>(`/leavers/${id}`, undefined, signal),
    refetchInterval: ({ state }) => {
      const report = state.data;
      const under = ['running', 'returning'].includes(report?.hand_over?.state ?? 'running');
      return report && report.leaving.state !== 'planned' && report.leaving.state !== 'cancelled' && under ? 1_500 : false;
    },
  });

function useLeavers<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(['leavers', 'people', 'roles'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export const useLeave = () =>
  useLeavers(({ person, request }: { person: string; request: LeaveRequest }) =>
    api.post<Leaving>(`/people/${person}/leave`, request),
  );

export const useUndoLeaving = () => useLeavers((id: string) => api.post<Leaving>(`/leavers/${id}/undo`, {}));

export const useCancelLeaving = () => useLeavers((id: string) => api.delete(`/leavers/${id}`));
