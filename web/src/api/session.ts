import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
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
