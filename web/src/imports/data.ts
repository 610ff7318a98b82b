import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { recordKeys } from '@/api/records';
import type { ImportCheck, ImportJob, ImportOptions, ImportRow, ImportRowKind, Page } from '@/api/types';
import type { Mapping } from './mapping';

const POLL_MS = 1000;

export function isMoving(job: ImportJob): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export const importsQuery = queryOptions({
  queryKey: ['imports', 'list'],
  queryFn: ({ signal }) => api.get<{ items: ImportJob[] }>('/imports', undefined, signal),
  select: (data) => data.items,
  refetchInterval: (query) => (query.state.data?.items.some(isMoving) ? POLL_MS : false),
});

export function importQuery(id: string) {
  return queryOptions({
    queryKey: ['imports', 'one', id],
    queryFn: ({ signal }) => api.get<ImportJob>(`/imports/${id}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? POLL_MS : false),
  });
}

/** Judges the first 1,000 rows; asked again whenever the mapping was saved. */
export function importCheckQuery(id: string, mapping: Mapping) {
  return queryOptions({
    queryKey: ['imports', 'one', id, 'check', mapping],
    queryFn: ({ signal }) => api.post<ImportCheck>(`/imports/${id}/check`, undefined, { signal }),
    staleTime: 60_000,
  });
}

export function importRowsQuery(id: string, kind: ImportRowKind) {
  return infiniteQueryOptions({
    queryKey: ['imports', 'one', id, 'rows', kind],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ImportRow>>(`/imports/${id}/rows`, { kind, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function useSaveImport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { mapping: Mapping; options: ImportOptions }) => api.put<ImportJob>(`/imports/${id}`, change),
    onSuccess: (job) => client.setQueryData(importQuery(id).queryKey, job),
  });
}

/** Starts, cancels or resumes. What was imported changes the lists of records. */
export function useImportVerb(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verb: 'start' | 'cancel' | 'resume') => api.post<ImportJob | undefined>(`/imports/${id}/${verb}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['imports'] });
      await client.invalidateQueries({ queryKey: recordKeys.all });
    },
  });
}
