import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { importsOfferedQuery, meQuery } from '@/api/session';
import type { Me } from '@/api/types';

/** Who is signed in. Only inside the shell, whose route has already loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** `can('customer', 'create')`-like checks on the capabilities; the server decides again on every request. */
export function useCan(): (capability: string) => boolean {
  const { data } = useQuery({ ...meQuery, enabled: false });
  return (capability) => data?.capabilities.includes(capability) ?? false;
}

/** Whether this person may import anything, and the server does. */
export function useImports(): boolean {
  const can = useCan();
  const permitted = IMPORTS.some(can);
  return useQuery({ ...importsOfferedQuery, enabled: permitted }).data === true && permitted;
}

const IMPORTS = ['import.customer', 'import.contact', 'import.communication'];
