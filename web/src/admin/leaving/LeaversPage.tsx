import { LogoutOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Table, type TableColumnsType } from 'antd';
import { usePhone } from '@/app/usePhone';
import { useCan } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { StatusTag } from '@/ui/StatusTag';
import { leaversQuery, type Leaving } from './data';
import { leavingTexts } from './texts';

/** Who left, newest first. For administrators of people. */
export default function LeaversPage() {
  const t = leavingTexts.useText();
  const can = useCan();
  return can('people.administer') ? <Leavers /> : <ForbiddenPage title={t('list.title')} />;
}

function Leavers() {
  const t = leavingTexts.useText();
  const phone = usePhone();
  const { dateTime } = useFormats();
  const query = useQuery(leaversQuery);
  const leavers = query.data ?? [];
  const columns: TableColumnsType<Leaving> = [
    {
      key: 'person',
      title: t('column.person'),
      render: (_, leaving) => (
        <Link to="/admin/leavers/$id" params={{ id: leaving.id }}>
          {leaving.person.name}
        </Link>
      ),
    },
    { key: 'at', title: t('column.at'), render: (_, leaving) => dateTime(leaving.at) },
    { key: 'state', title: t('column.state'), render: (_, leaving) => <StatusTag>{t(`state.${leaving.state}`)}</StatusTag> },
  ];
  if (!phone) {
    columns.push({
      key: 'successor',
      title: t('column.successor'),
      render: (_, leaving) => leaving.successor?.name ?? t(`plan.${leaving.plan}`),
    });
  }
  return (
    <Page>
      <PageHeader title={t('list.title')} help={t('list.help')} />
      <DataState
        query={query}
        isEmpty={leavers.length === 0}
        empty={{ icon: <LogoutOutlined />, title: t('list.empty'), help: t('list.emptyHelp') }}
      >
        <Table rowKey="id" size="small" columns={columns} dataSource={leavers} pagination={false} />
      </DataState>
    </Page>
  );
}
