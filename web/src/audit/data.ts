import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { CountedPage, LedgerCheckpoint, LedgerEntry, LedgerProof, LedgerSummary, LedgerVerification } from '@/api/types';
import { ledgerParams, type AuditSearch } from './audit-search';
import { checkInclusion } from './proof';

const PAGE_SIZE = 100;

/** Reading the audit is itself an entry, so the list is not asked again behind the reader's back. */
export function entriesQuery(search: AuditSearch) {
  const params = ledgerParams(search, new Date());
  return infiniteQueryOptions({
    queryKey: ['ledger', 'entries', params],
    queryFn: ({ pageParam, signal }) =>
      api.get<CountedPage<LedgerEntry>>('/ledger/entries', { ...params, cursor: pageParam, limit: PAGE_SIZE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 60_000,
  });
}

/** One entry, as a link to it opens it: it need not be on the page that is listed. */
export function entryQuery(seq: number | undefined) {
  return queryOptions({
    queryKey: ['ledger', 'entry', seq],
    queryFn: ({ signal }) => api.get<LedgerEntry>(`/ledger/entries/${seq}`, undefined, signal),
    // Entries never change.
    staleTime: Infinity,
  });
}

export function summaryQuery(search: AuditSearch) {
  const { from, to } = ledgerParams(search, new Date());
  return queryOptions({
    queryKey: ['ledger', 'summary', from, to],
    queryFn: ({ signal }) => api.get<LedgerSummary>('/ledger/summary', { from, to }, signal),
    staleTime: 60_000,
  });
}

export const checkpointQuery = queryOptions({
  queryKey: ['ledger', 'checkpoint'],
  queryFn: ({ signal }) => api.get<LedgerCheckpoint>('/ledger/checkpoint', undefined, signal),
});

export function useVerify() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<LedgerVerification>('/ledger/verify'),
    onSuccess: () => client.invalidateQueries({ queryKey: checkpointQuery.queryKey }),
  });
}

/** Fetches the proof of an entry and checks it in this browser. */
export function useProof(seq: number) {
  return useMutation({
    mutationFn: async () => {
      const proof = await api.get<LedgerProof>(`/ledger/entries/${seq}/proof`);
      // Entries are numbered from 0, as leaves of a tree are.
      return { proof, ...(await checkInclusion(proof, seq)) };
    },
  });
}
