import { useQuery } from '@tanstack/react-query';
import { useFormats } from '@/i18n/format';
import { StatusTag } from '@/ui/StatusTag';
import { rolesQuery } from './data';

/** The roles of a person by name; administrations stand out. */
export function RoleTags({ keys }: { keys: readonly string[] }) {
  const { label } = useFormats();
  const roles = useQuery(rolesQuery).data ?? [];
  return keys.map((key) => {
    const role = roles.find((candidate) => candidate.key === key);
    return (
      <StatusTag key={key} tone={role?.administration ? 'warn' : 'info'}>
        {role ? label(role.name) : key}
      </StatusTag>
    );
  });
}
