import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { NetworkPlace, Networks, NetworkRulesChange, ZoneChange } from '@/api/types';

export const networksQuery = queryOptions({
  queryKey: ['networks'],
  queryFn: ({ signal }) => api.get<Networks>('/networks', undefined, signal),
});

export function placeQuery(ip: string, role: string | undefined) {
  return queryOptions({
    queryKey: ['networks', 'check', ip, role],
    queryFn: ({ signal }) => api.get<NetworkPlace>('/networks/check', { ip, role }, signal),
    enabled: ip !== '',
    retry: false,
  });
}

function useChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ['networks'] }) });
}

export const useSaveZone = () =>
  useChange(({ key, change }: { key: string; change: ZoneChange }) => api.put(`/networks/zones/${key}`, change));

export const useDeleteZone = () =>
  useChange(({ key, confirm }: { key: string; confirm: boolean }) =>
    api.delete(`/networks/zones/${key}`, { query: { confirm } }),
  );

export const useSaveNetworkRules = () => useChange((change: NetworkRulesChange) => api.put('/networks/rules', change));
