import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useState } from 'react';
import type { PersonStatus } from '@/api/types';
import { useFormats } from '@/i18n/format';
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
  const [typed, setTyped] = useState(search.q ?? '');
  const commit = () => onChange({ q: typed.trim() });

  return (
    <div className={styles.filters} role="search">
      <Input
        allowClear
        className={styles.search}
        prefix={<SearchOutlined aria-hidden="true" />}
        placeholder={t('people.search')}
        aria-label={t('people.search')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value === '') onChange({ q: '' });
        }}
        onPressEnter={commit}
        onBlur={commit}
      />
      <DepartmentPicker
        className={styles.filter}
        aria-label={t('column.departments')}
        placeholder={t('filter.department')}
        value={search.department}
        onChange={(department) => onChange({ department: department ?? '' })}
      />
      <Select<string>
        allowClear
        className={styles.filter}
        aria-label={t('column.roles')}
        placeholder={t('filter.role')}
        value={search.role ?? null}
        options={roles.map((role) => ({ value: role.key, label: label(role.name) }))}
        onChange={(role: string | undefined) => onChange({ role: role ?? '' })}
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
