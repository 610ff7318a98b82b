import { Button, Table, type TableColumnsType } from 'antd';
import type { Person, PersonStatus } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { StatusTag, type Tone } from '@/ui/StatusTag';
import styles from './admin.module.css';
import { RoleTags } from './RoleTags';
import { adminTexts } from './texts';

const STATUS_TONE: Record<PersonStatus, Tone> = { active: 'good', suspended: 'warn', left: 'plain' };

interface PeopleTableProps {
  people: Person[];
  busy: boolean;
  onOpen: (id: string) => void;
}

export function PeopleTable({ people, busy, onOpen }: PeopleTableProps) {
  const t = adminTexts.useText();
  const { relative, dateTime } = useFormats();
  const phone = usePhone();

  const name: TableColumnsType<Person>[number] = {
    key: 'name',
    title: t('column.name'),
    render: (_, person) => (
      <div className={styles.person}>
        <Button type="link" className={styles.link} onClick={() => onOpen(person.id)}>
          {person.name}
        </Button>
        <span className={styles.quiet}>{person.login}</span>
        {phone && (
          <span>
            <RoleTags keys={person.roles} />
          </span>
        )}
      </div>
    ),
  };
  const status: TableColumnsType<Person>[number] = {
    key: 'status',
    title: t('column.status'),
    width: phone ? 96 : 150,
    render: (_, person) => (
      <>
        <StatusTag tone={STATUS_TONE[person.status]}>{t(`status.${person.status}`)}</StatusTag>
        {person.must_change_password && person.status === 'active' && <StatusTag>{t('mustChange')}</StatusTag>}
      </>
    ),
  };
  const columns: TableColumnsType<Person> = phone
    ? [name, status]
    : [
        name,
        {
          key: 'departments',
          title: t('column.departments'),
          render: (_, person) => person.departments.map((department) => department.name).join(' · '),
        },
        { key: 'manager', title: t('column.manager'), render: (_, person) => person.manager?.name ?? '—' },
        { key: 'roles', title: t('column.roles'), render: (_, person) => <RoleTags keys={person.roles} /> },
        status,
        {
          key: 'lastSignIn',
          title: t('column.lastSignIn'),
          render: (_, person) =>
            person.last_sign_in_at === null ? (
              <span className={styles.quiet}>{t('never')}</span>
            ) : (
              <time dateTime={person.last_sign_in_at} title={dateTime(person.last_sign_in_at)}>
                {relative(person.last_sign_in_at)}
              </time>
            ),
        },
      ];
  return <Table rowKey="id" size="small" columns={columns} dataSource={people} loading={busy} pagination={false} />;
}
