import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '@/api/client';
import { meQuery } from '@/api/session';
import type { FactorProof, Me, PasswordCheck } from '@/api/types';
import { provePasskey } from './security/passkey';
import type { PasswordOwner } from './strength';

export interface Credentials {
  login: string;
  password: string;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => api.post<Me>('/session', credentials),
    onSuccess: (me) => {
      // Whatever an earlier person of this browser saw must not flash up.
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
    },
  });
}

/** Signing in with nothing but a passkey. */
export function usePasskeySignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => api.post<Me>('/session/passkey', await provePasskey('/session/passkey/options')),
    onSuccess: (me) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
    },
  });
}

/** The second half of a sign-in whose password was right. */
export function useSecondFactor(attempt: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (proof: FactorProof) => api.post<Me>('/session/factor', { attempt, ...proof }),
    onSuccess: (me) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
    },
  });
}

/** Ends the session and leaves; a session that has ended already is as good. */
export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => api.delete('/session'),
    onSettled: async () => {
      await navigate({ to: '/sign-in' });
      client.clear();
    },
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { current: string; new: string }) => api.post<undefined>('/me/password', change),
    // What still stands in the way (a factor to enrol) the server knows.
    onSuccess: async () => client.setQueryData(meQuery.queryKey, await api.get<Me>('/me')),
  });
}

export function useChangeProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { name: string }) => api.patch<Me>('/me', change),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

/** The server's opinion of a password. It leaves memory as soon as nobody looks at it. */
export function passwordCheckQuery(password: string, owner: PasswordOwner) {
  return queryOptions({
    queryKey: ['password-check', password, owner.login, owner.name],
    queryFn: ({ signal }) =>
      api.post<PasswordCheck>('/password/check', { password, login: owner.login, name: owner.name }, { signal }),
    enabled: password !== '',
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    placeholderData: (former) => former,
  });
}
