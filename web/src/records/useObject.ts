import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { objectsQuery } from '@/api/session';
import type { Action, FieldMeta, ObjectMeta, ObjectName } from '@/api/types';
import { useCan } from '@/app/session';

/** The catalog of objects; suspends on first use. */
export function useObjects(): ObjectMeta[] {
  return useSuspenseQuery(objectsQuery).data;
}

/** One object of the catalog, when the caller may know of it. */
export function useObject(name: ObjectName): ObjectMeta | undefined {
  return useQuery(objectsQuery).data?.find((object) => object.name === name);
}

/** What the caller may do with an object. */
export function useObjectRights(name: ObjectName): (action: Action) => boolean {
  const can = useCan();
  return (action) => can(`${action}.${name}`);
}

export function findField(object: ObjectMeta, name: string): FieldMeta | undefined {
  return object.fields.find((field) => field.name === name);
}

/** Fields people fill in; the rest is kept by the server. */
export function editableFields(object: ObjectMeta): FieldMeta[] {
  return object.fields.filter((field) => !field.system && field.access === 'write' && field.class !== 'sealed');
}
