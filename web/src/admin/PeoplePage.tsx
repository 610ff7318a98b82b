import { TeamOutlined, UserAddOutlined } from '@ant-design/icons';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCan } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import styles from './admin.module.css';
import { peopleQuery } from './data';
import { PeopleFilters } from './PeopleFilters';
import type { PeopleSearch } from './people-search';
import { PeopleTable } from './PeopleTable';
import { PersonDrawer } from './PersonDrawer';
import { adminTexts } from './texts';

/** Who can sign in, where they belong, which roles they hold. For administrators. */
export default function PeoplePage() {
  const t = adminTexts.useText();
  const can = useCan();
  if (!can('people.administer') && !can('roles.administer')) return <ForbiddenPage title={t('people.title')} />;
  return <People mayAdd={can('people.administer')} />;
}

function People({ mayAdd }: { mayAdd: boolean }) {
  const t = adminTexts.useText();
  const { count } = useFormats();
  const search = useSearch({ from: '/shell/admin/people' });
  const navigate = useNavigate();
  const query = useInfiniteQuery({ ...peopleQuery(search), placeholderData: keepPreviousData });
  const people = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.count;
  const show = (part: PeopleSearch) =>
    void navigate({ to: '/admin/people', search: (before: PeopleSearch) => ({ ...before, ...part }) });
  const filtered = Boolean(search.q ?? search.department ?? search.status ?? search.role);
  const add = mayAdd && (
    <Button type="primary" icon={<UserAddOutlined />} onClick={() => show({ open: 'new' })}>
      {t('people.add')}
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title={t('people.title')}
        extra={total && t('people.count', { total: count(total) })}
        help={t('people.help')}
        actions={add}
      />
      <PeopleFilters search={search} onChange={show} />
      <DataState
        query={query}
        isEmpty={people.length === 0}
        empty={
          filtered
            ? {
                icon: <TeamOutlined />,
                title: t('people.noMatch'),
                help: t('people.noMatchHelp'),
                action: <Button onClick={() => void navigate({ to: '/admin/people', search: {} })}>{t('people.clear')}</Button>,
              }
            : { icon: <TeamOutlined />, title: t('people.empty'), help: t('people.emptyHelp'), action: add }
        }
      >
        <PeopleTable people={people} busy={query.isPlaceholderData} onOpen={(open) => show({ open })} />
        {query.hasNextPage && (
          <div className={styles.more}>
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('people.more')}
            </Button>
          </div>
        )}
      </DataState>
      <PersonDrawer open={search.open} onClose={() => show({ open: undefined })} />
    </Page>
  );
}
