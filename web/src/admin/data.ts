import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { CountedPage, NewPerson, Person, PersonChange, Position, Role } from '@/api/types';
import type { Label } from '@/i18n/language';
import type { PeopleSearch } from './people-search';

const PAGE_SIZE = 50;

export function peopleQuery({ q, department, status, role }: PeopleSearch) {
  return infiniteQueryOptions({
    queryKey: ['people', 'list', { q, department, status, role }],
    queryFn: ({ pageParam, signal }) =>
      api.get<CountedPage<Person>>('/people', { search: q, department, status, role, cursor: pageParam, limit: PAGE_SIZE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function personQuery(id: string) {
  return queryOptions({
    queryKey: ['people', 'one', id],
    queryFn: ({ signal }) => api.get<Person>(`/people/${id}`, undefined, signal),
  });
}

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => api.get<{ items: Role[] }>('/roles', undefined, signal),
  staleTime: 60_000,
  select: (data) => data.items,
});

export const positionsQuery = queryOptions({
  queryKey: ['positions'],
  queryFn: ({ signal }) => api.get<{ items: Position[] }>('/positions', undefined, signal),
  staleTime: 60_000,
  select: (data) => data.items,
});

/** People, departments, positions and roles count each other: a change of one refreshes all. */
function useAdministration<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(['people', 'departments', 'positions', 'roles'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export interface CreatedPerson {
  person: Person;
  initial_password: string;
}

export const useCreatePerson = () =>
  useAdministration((person: NewPerson) => api.post<CreatedPerson>('/people', person));

export const useChangePerson = () =>
  useAdministration(({ person, change }: { person: Person; change: PersonChange }) =>
    api.patch<Person>(`/people/${person.id}`, change, { ifMatch: person.version }),
  );

export const useResetPassword = () =>
  useAdministration((id: string) => api.post<{ initial_password: string }>(`/people/${id}/reset_password`));

export interface DepartmentValues {
  name: string;
  parent_id: string | null;
}

export const useSaveDepartment = () =>
  useAdministration(({ id, values }: { id: string | null; values: DepartmentValues }) =>
    id === null ? api.post<{ id: string } | undefined>('/departments', values) : api.patch<undefined>(`/departments/${id}`, values),
  );

export const useDeleteDepartment = () => useAdministration((id: string) => api.delete(`/departments/${id}`));

export interface RoleCopy {
  key: string;
  name: Label;
  copy_of: string;
}

export const useCopyRole = () => useAdministration((copy: RoleCopy) => api.post<undefined>('/roles', copy));

export type PositionValues = Pick<Position, 'key' | 'name'>;

export const useSavePosition = () => useAdministration((position: PositionValues) => api.put<undefined>('/positions', position));

export const useDeletePosition = () => useAdministration((key: string) => api.delete(`/positions/${encodeURIComponent(key)}`));
