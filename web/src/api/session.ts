import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { isProblem } from './problem';
import type { Me, ObjectMeta, SetupStatus } from './types';

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => api.get<SetupStatus>('/setup', undefined, signal),
  staleTime: Infinity,
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Me>('/me', undefined, signal),
  staleTime: 60_000,
  retry: false,
});

export const objectsQuery = queryOptions({
  queryKey: ['objects'],
  queryFn: ({ signal }) => api.get<{ objects: ObjectMeta[] }>('/objects', undefined, signal),
  staleTime: 300_000,
  select: (data) => data.objects,
});

/** Whether this server takes files in: an older one has no such address, and nobody should meet a dead end. */
export const importsOfferedQuery = queryOptions({
  queryKey: ['imports', 'offered'],
  queryFn: async ({ signal }) => {
    try {
      await api.get('/imports', undefined, signal);
      return true;
    } catch (error) {
      if (isProblem(error, 'not_found')) return false;
      throw error;
    }
  },
  staleTime: Infinity,
});
