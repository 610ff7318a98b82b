import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { meQuery } from '@/api/session';
import type { Factor, FactorProof, Me, NewTotp, RecoveryCodes } from '@/api/types';

export const factorsQuery = queryOptions({
  queryKey: ['me', 'factors'],
  queryFn: async ({ signal }) => (await api.get<{ items: Factor[] }>('/me/factors', undefined, signal)).items,
});

/** Proves again who one is. */
export function useStepUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (proof: FactorProof & { password?: string }) => api.post<Me>('/session/step_up', proof),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  });
}

export function useBeginTotp() {
  return useMutation({ mutationFn: (name: string) => api.post<NewTotp>('/me/factors/totp', { name }) });
}

export function useConfirmFactor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, code }: { id: string; code: string }) =>
      api.post<RecoveryCodes>(`/me/factors/${id}/confirm`, { code }),
    onSuccess: () => client.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
}

export function useNewRecoveryCodes() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<RecoveryCodes>('/me/recovery_codes'),
    onSuccess: () => client.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
}

export function useRenameFactor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => api.patch(`/me/factors/${id}`, { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
}

export function useRemoveFactor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/me/factors/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
