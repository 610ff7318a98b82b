import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useFormats } from '@/i18n/format';
import { rolesQuery } from './data';

/** The roles of a person by name; administrations stand out. */
export function RoleTags({ keys }: { keys: readonly string[] }) {
  const { label } = useFormats();
  const roles = useQuery(rolesQuery).data ?? [];
  return keys.map((key) => {
    const role = roles.find((candidate) => candidate.key === key);
    return (
      <Tag key={key} color={role?.administration ? 'gold' : 'blue'}>
        {role ? label(role.name) : key}
      </Tag>
    );
  });
}
