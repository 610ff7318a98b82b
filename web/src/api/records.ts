import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type {
  Aggregate, AssignResult, Condition, CountedPage, Duplicates, FieldValues, ObjectName, Page, RecordItem, Related, RevealResult,
  SearchResult, TimelineEvent,
} from './types';

/** Rows per request of an endless list. */
export const PAGE_SIZE = 100;

/** Most records the server assigns in one request. */
const ASSIGN_AT_ONCE = 1000;

/** What a list asks for; the same as its state in the address bar. */
export interface ListRequest {
  filter?: Condition | undefined;
  sort?: string | undefined;
  search?: string | undefined;
}

export const recordKeys = {
  all: ['records'] as const,
  object: (object: ObjectName) => ['records', object] as const,
  list: (object: ObjectName, request: ListRequest) => ['records', object, 'list', request] as const,
  one: (object: ObjectName, id: string) => ['records', object, 'one', id] as const,
};

function listParams(request: ListRequest, limit: number, cursor: string | null) {
  return {
    limit,
    cursor,
    sort: request.sort,
    search: request.search,
    filter: request.filter === undefined ? undefined : JSON.stringify(request.filter),
  };
}

export function recordPagesQuery(object: ObjectName, request: ListRequest, pageSize = PAGE_SIZE) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.list(object, request), pageSize],
    queryFn: ({ pageParam, signal }) =>
      api.get<CountedPage<RecordItem>>(`/records/${object}`, listParams(request, pageSize, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** The first rows only: pickers, home page, boards. */
export function recordTopQuery(object: ObjectName, request: ListRequest, limit: number) {
  return queryOptions({
    queryKey: [...recordKeys.list(object, request), 'top', limit],
    queryFn: ({ signal }) =>
      api.get<CountedPage<RecordItem>>(`/records/${object}`, listParams(request, limit, null), signal),
  });
}

export function recordQuery(object: ObjectName, id: string) {
  return queryOptions({
    queryKey: recordKeys.one(object, id),
    queryFn: ({ signal }) => api.get<RecordItem>(`/records/${object}/${id}`, undefined, signal),
  });
}

export function relatedQuery(object: ObjectName, id: string) {
  return queryOptions({
    queryKey: [...recordKeys.one(object, id), 'related'],
    queryFn: ({ signal }) => api.get<Related>(`/records/${object}/${id}/related`, undefined, signal),
  });
}

export interface TimelineRequest {
  kinds?: string | undefined;
  channel?: string | undefined;
  person?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export function timelineQuery(customer: string, request: TimelineRequest) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.one('customer', customer), 'timeline', request],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TimelineEvent>>(
        `/records/customer/${customer}/timeline`,
        { ...request, cursor: pageParam, limit: 30 },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function historyQuery(object: ObjectName, id: string) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.one(object, id), 'history'],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TimelineEvent>>(`/records/${object}/${id}/history`, { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function searchQuery(text: string, objects?: readonly ObjectName[]) {
  return queryOptions({
    queryKey: ['search', text, objects ?? 'all'],
    queryFn: ({ signal }) =>
      api.get<SearchResult>('/search', { q: text, objects: objects?.join(','), limit: 20 }, signal),
    enabled: text.trim() !== '',
    staleTime: 10_000,
  });
}

/** Customers whom this one may be, among those that the caller may see: same phone or e-mail, or a near name. */
export function duplicatesQuery({ phone = '', email = '', name = '' }: { phone?: string; email?: string; name?: string }) {
  const given = Object.entries({ phone, email, name }).map(([field, text]) => [field, text.trim()] as const);
  // What is still being typed says nothing, and each question is recorded.
  const enough = given.filter(([field, text]) => text.length >= (field === 'name' ? 2 : 6));
  const draft = Object.fromEntries(enough);
  return queryOptions({
    queryKey: ['duplicates', draft],
    queryFn: async () => (await api.post<Duplicates>('/duplicates/customer', draft)).items,
    enabled: enough.length > 0,
    staleTime: 60_000,
    // The server may say "slow down"; a hint is not worth asking again.
    retry: false,
  });
}

/** How many visible records have which value of a field, and the sum of another. */
export function aggregateQuery(object: ObjectName, request: { group: string; sum?: string | undefined; filter?: Condition | undefined }) {
  return queryOptions({
    queryKey: [...recordKeys.object(object), 'aggregate', request],
    queryFn: ({ signal }) =>
      api.get<Aggregate>(
        `/records/${object}/aggregate`,
        { ...request, filter: request.filter === undefined ? undefined : JSON.stringify(request.filter) },
        signal,
      ),
  });
}

export const records = {
  create: (object: ObjectName, fields: FieldValues, idempotencyKey: string) =>
    api.post<RecordItem>(`/records/${object}`, fields, { idempotencyKey }),
  update: (object: ObjectName, id: string, fields: FieldValues, ifMatch?: number) =>
    api.patch<RecordItem>(`/records/${object}/${id}`, fields, ifMatch === undefined ? undefined : { ifMatch }),
  remove: (object: ObjectName, id: string) => api.delete(`/records/${object}/${id}`),
  restore: (object: ObjectName, id: string) => api.post<RecordItem>(`/records/${object}/${id}/restore`),
  reveal: (object: ObjectName, id: string, fields: string[], reason: string) =>
    api.post<RevealResult>(`/records/${object}/${id}/reveal`, { fields, reason }),
  /** Any number of records, in as many requests as that takes. */
  assign: async (object: ObjectName, ids: string[], owner: string): Promise<AssignResult> => {
    const total: AssignResult = { changed: 0, refused: [] };
    for (let start = 0; start < ids.length; start += ASSIGN_AT_ONCE) {
      // One after the other: each is a transaction, and the first refusal stops the rest.
      // oxlint-disable-next-line no-await-in-loop
      const part = await api.post<AssignResult>(`/records/${object}/assign`, { ids: ids.slice(start, start + ASSIGN_AT_ONCE), owner });
      total.changed += part.changed;
      total.refused.push(...part.refused);
    }
    return total;
  },
};
