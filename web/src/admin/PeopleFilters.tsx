import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import type { PersonStatus } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { SearchBox } from '@/records/list/SearchBox';
import { DepartmentPicker } from '@/ui/DepartmentPicker';
import styles from './admin.module.css';
import { rolesQuery } from './data';
import { STATUSES, type PeopleSearch } from './people-search';
import { adminTexts } from './texts';

interface PeopleFiltersProps {
  search: PeopleSearch;
  onChange: (part: PeopleSearch) => void;
}

export function PeopleFilters({ search, onChange }: PeopleFiltersProps) {
  const t = adminTexts.useText();
  const { label } = useFormats();
  const roles = useQuery(rolesQuery).data ?? [];

  return (
    <div className={styles.filters} role="search">
      <div className={styles.search}>
        <SearchBox value={search.q} placeholder={t('people.search')} onChange={(q) => onChange({ q })} />
      </div>
      <DepartmentPicker
        className={styles.filter}
        aria-label={t('column.departments')}
        placeholder={t('filter.department')}
        value={search.department}
        onChange={(department) => onChange({ department: department ?? undefined })}
      />
      <Select<string>
        allowClear
        className={styles.filter}
        aria-label={t('column.roles')}
        placeholder={t('filter.role')}
        value={search.role ?? null}
        options={roles.map((role) => ({ value: role.key, label: label(role.name) }))}
        onChange={(role: string | undefined) => onChange({ role })}
      />
      <Select<PersonStatus>
        allowClear
        className={styles.filter}
        aria-label={t('column.status')}
        placeholder={t('filter.status')}
        value={search.status ?? null}
        options={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
        onChange={(status: PersonStatus | undefined) => onChange(status ? { status } : { status: undefined })}
      />
    </div>
  );
}
