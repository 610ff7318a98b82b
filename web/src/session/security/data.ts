import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { meQuery } from '@/api/session';
import type { Factor, FactorProof, Me, NewTotp, OpenSession, RecoveryCodes } from '@/api/types';
import { makePasskey, type PasskeyChallenge } from './passkey';

export const factorsQuery = queryOptions({
  queryKey: ['me', 'factors'],
  queryFn: async ({ signal }) => (await api.get<{ items: Factor[] }>('/me/factors', undefined, signal)).items,
});

export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await api.get<{ items: OpenSession[] }>('/me/sessions', undefined, signal)).items,
});

/** Makes a passkey and keeps it under a name. */
export function useAddPasskey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      const made = await makePasskey(await api.post<PasskeyChallenge>('/me/passkeys/options'));
      return api.post<RecoveryCodes>('/me/passkeys', { name, ...made });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: factorsQuery.queryKey });
      await client.invalidateQueries({ queryKey: meQuery.queryKey, exact: true });
    },
  });
}

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
