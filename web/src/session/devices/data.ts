import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { isProblem } from '@/api/problem';
import { meQuery } from '@/api/session';
import type { Device } from '@/api/types';
import { deviceKey, forgetDeviceKey, makeDeviceKey, platformWords } from '@/app/device';

export const ownDevicesQuery = queryOptions({
  queryKey: ['devices', 'own'],
  queryFn: ({ signal }) => api.get<{ items: Device[] }>('/me/devices', undefined, signal),
  select: (data) => data.items,
});

/** Enrols this browser: makes its key and shows it to the server for the first time. */
export function useEnrolDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      await makeDeviceKey();
      try {
        return await enrol(name);
      } catch (error) {
        const revoked = isProblem(error, 'invalid') && error.fields.some((field) => field.key === 'device_revoked');
        if (!revoked) throw error;
        // A revoked key is worth nothing: the person asks for approval with a new one.
        await forgetDeviceKey();
        await makeDeviceKey();
        return enrol(name);
      }
    },
    onSuccess: () =>
      Promise.all([ownDevicesQuery.queryKey, meQuery.queryKey].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

const enrol = (name: string) => api.post<Device>('/me/devices', { name, platform: platformWords() });

export function useRevokeOwnDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/me/devices/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ownDevicesQuery.queryKey }),
  });
}

/**
 * Binds the session to this browser's key, if it has one that the server knows: asked once after every sign-in and at every
 * start of the application. True when it was bound just now.
 */
export const shownQuery = queryOptions({
  queryKey: ['devices', 'shown'],
  queryFn: showDevice,
  staleTime: Infinity,
  gcTime: Infinity,
});

async function showDevice(): Promise<boolean> {
  if (!(await deviceKey())) return false;
  try {
    const { items } = await api.get<{ items: Device[] }>('/me/devices');
    if (items.some((device) => device.current)) return false;
    await api.post('/me/devices/session');
    return true;
  } catch {
    // An unknown or revoked key, or no connection: the session goes on without a device, and the server knows what that means.
    return false;
  }
}
