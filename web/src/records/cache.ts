import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { recordKeys } from '@/api/records';
import type { ObjectName, RecordItem } from '@/api/types';

type Change = (item: RecordItem) => RecordItem;

function isRecord(value: unknown, id: string): value is RecordItem {
  return typeof value === 'object' && value !== null && 'id' in value && value.id === id && '_can' in value;
}

/** Rebuilds cached data with one record changed, whatever shape it is in: pages, lists, timelines, the record itself. */
function rebuild(data: unknown, id: string, change: Change): unknown {
  if (isRecord(data, id)) return change(data);
  if (Array.isArray(data)) {
    let touched = false;
    const next = data.map((part: unknown) => {
      const rebuilt = rebuild(part, id, change);
      touched ||= rebuilt !== part;
      return rebuilt;
    });
    return touched ? next : data;
  }
  if (typeof data === 'object' && data !== null && !('_can' in data)) {
    const entries = Object.entries(data);
    const next = entries.map(([key, part]) => [key, rebuild(part, id, change)] as const);
    return next.some(([, part], index) => part !== entries[index]?.[1]) ? Object.fromEntries(next) : data;
  }
  return data;
}

/** Changes one record wherever it is on screen; returns how to take that back. */
export function changeCached(client: QueryClient, id: string, change: Change): () => void {
  const before: [QueryKey, unknown][] = [];
  for (const [key, data] of client.getQueriesData({ queryKey: recordKeys.all })) {
    const next = rebuild(data, id, change);
    if (next === data) continue;
    before.push([key, data]);
    client.setQueryData(key, next);
  }
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

/** After a record appeared, went or changed hands: lists of its object, and what hangs from customers, but not from one that is `gone`. */
export async function refreshLists(client: QueryClient, object: ObjectName, gone?: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: [...recordKeys.object(object), 'list'] }),
    client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'records' && (gone === undefined || !queryKey.includes(gone)) && (queryKey.includes('related') || queryKey.includes('timeline') || queryKey.includes('history')),
    }),
  ]);
}
