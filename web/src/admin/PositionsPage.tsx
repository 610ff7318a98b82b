import { DeleteOutlined, EditOutlined, IdcardOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import type { Position } from '@/api/types';
import { useCan } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { useProblem } from '@/ui/useProblem';
import styles from './admin.module.css';
import { positionsQuery, useDeletePosition } from './data';
import { PositionDialog } from './PositionDialog';
import { adminTexts } from './texts';

/** What people do in the company. For administrators of people. */
export default function PositionsPage() {
  const t = adminTexts.useText();
  const can = useCan();
  return can('people.administer') ? <Positions /> : <ForbiddenPage title={t('positions.title')} />;
}

function Positions() {
  const t = adminTexts.useText();
  const { label } = useFormats();
  const { modal, message } = App.useApp();
  const { showProblem } = useProblem();
  const query = useQuery(positionsQuery);
  const remove = useDeletePosition();
  const [edit, setEdit] = useState<Position | 'new'>();

  const askDelete = (position: Position) =>
    void modal.confirm({
      title: t('positions.deleteAsk', { name: label(position.name) }),
      okText: t('positions.delete'),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(position.key).then(() => message.success(t('positions.deleted')), showProblem),
    });
  const columns: TableColumnsType<Position> = [
    { key: 'name', title: t('positions.name'), render: (_, position) => label(position.name) },
    { key: 'people', title: t('positions.people'), dataIndex: 'people_count', align: 'end', width: 120 },
    {
      key: 'actions',
      title: <span className={styles.hidden}>{t('positions.column')}</span>,
      width: 96,
      align: 'end',
      render: (_, position) => {
        const held = position.people_count > 0;
        const named = { name: label(position.name) };
        return (
          <>
            <Button type="text" size="small" icon={<EditOutlined />} aria-label={`${t('positions.edit')} ${named.name}`} onClick={() => setEdit(position)} />
            <Button
              type="text"
              size="small"
              danger
              disabled={held}
              title={held ? t('positions.deleteBlocked') : undefined}
              icon={<DeleteOutlined />}
              aria-label={`${t('positions.delete')} ${named.name}`}
              onClick={() => askDelete(position)}
            />
          </>
        );
      },
    },
  ];
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdit('new')}>
      {t('positions.add')}
    </Button>
  );

  return (
    <Page width="narrow">
      <PageHeader title={t('positions.title')} help={t('positions.help')} actions={add} />
      <DataState
        query={query}
        isEmpty={query.data?.length === 0}
        empty={{ icon: <IdcardOutlined />, title: t('positions.empty'), help: t('positions.emptyHelp'), action: add }}
      >
        <Table rowKey="key" size="small" columns={columns} dataSource={query.data ?? []} pagination={false} />
      </DataState>
      <PositionDialog edit={edit} taken={query.data ?? []} onClose={() => setEdit(undefined)} />
    </Page>
  );
}
