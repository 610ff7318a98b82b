import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { CountedPage, Department, DirectoryPerson } from './types';

/** The directory of names that everybody may use in pickers. */
export function directoryQuery(search: string) {
  return queryOptions({
    queryKey: ['people', 'directory', search],
    queryFn: ({ signal }) => api.get<CountedPage<DirectoryPerson>>('/people', { search, limit: 50 }, signal),
    staleTime: 60_000,
    select: (page) => page.items,
  });
}

export const departmentsQuery = queryOptions({
  queryKey: ['departments'],
  queryFn: ({ signal }) => api.get<{ items: Department[] }>('/departments', undefined, signal),
  staleTime: 60_000,
  select: (data) => data.items,
});
