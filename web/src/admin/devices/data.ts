import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Device, DeviceChange, DeviceRules } from '@/api/types';

export const devicesQuery = queryOptions({
  queryKey: ['devices', 'all'],
  queryFn: ({ signal }) => api.get<{ items: Device[]; rules: DeviceRules }>('/devices', undefined, signal),
});

function useChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ['devices'] }) });
}

export const useChangeDevice = () =>
  useChange(({ id, change }: { id: string; change: DeviceChange }) => api.patch(`/devices/${id}`, change));

export const useSaveDeviceRules = () =>
  useChange((rules: DeviceRules & { confirm: boolean }) => api.put('/devices/rules', rules));
