import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { recordPagesQuery, type ListRequest } from '@/api/records';
import type { ObjectName } from '@/api/types';

/** The pages of a list so far, flat, and how to get the next. */
export function useRecordPages(object: ObjectName, request: ListRequest, enabled = true) {
  const query = useInfiniteQuery({ ...recordPagesQuery(object, request), placeholderData: keepPreviousData, enabled });
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const more = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);
  return {
    query,
    items,
    count: data?.pages[0]?.count,
    hasMore: hasNextPage && !query.isPlaceholderData && !query.isFetchNextPageError,
    isFetchingMore: isFetchingNextPage,
    more,
  };
}
