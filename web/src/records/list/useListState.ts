import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ListRequest } from '@/api/records';
import type { Condition, ObjectName } from '@/api/types';
import type { ListSearch } from '@/app/list-search';
import { both } from '../filter/filter';
import { LIST_PATH } from '../paths';
import { findView, type QuickView } from './views';

export interface ListState {
  search: ListSearch;
  view: QuickView;
  /** What the server is asked for: quick view, filter and search together. */
  request: ListRequest;
  /** Changes part of the view; the address bar follows, and Back undoes it. */
  change: (part: Partial<ListSearch>) => void;
  open: (id: string) => void;
  close: () => void;
}

/** The state of a list lives in the address bar alone: reload, Back and a sent link show the same. */
export function useListState(object: ObjectName, always?: Condition): ListState {
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const view = findView(object, search.view);
  const request = useMemo<ListRequest>(
    () => ({
      filter: both(both(always, view.condition), search.filter),
      sort: search.sort ?? view.sort,
      search: search.q,
    }),
    [always, view, search.filter, search.sort, search.q],
  );
  const change = (part: Partial<ListSearch>, replace = false) => {
    const next = { ...search, ...part };
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
    void navigate({ to: LIST_PATH[object], search: kept, replace });
  };
  return {
    search,
    view,
    request,
    change,
    // Stepping from record to record in the panel is one step of history.
    open: (id) => change({ open: id }, search.open !== undefined),
    close: () => change({ open: undefined }),
  };
}
