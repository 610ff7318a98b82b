import { ApartmentOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useMemo, useState } from 'react';
import { departmentsQuery } from '@/api/people';
import { useCan } from '@/app/session';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { useProblem } from '@/ui/useProblem';
import { useDeleteDepartment } from './data';
import { departmentTree, type DepartmentNode } from './department-tree';
import { DepartmentDialog, type DepartmentEdit } from './DepartmentDialog';
import { DepartmentTable } from './DepartmentTable';
import { adminTexts } from './texts';

/** The tree that rights follow. For administrators of people. */
export default function DepartmentsPage() {
  const t = adminTexts.useText();
  const can = useCan();
  return can('people.administer') ? <Departments /> : <ForbiddenPage title={t('departments.title')} />;
}

function Departments() {
  const t = adminTexts.useText();
  const { modal, message } = App.useApp();
  const { showProblem } = useProblem();
  const query = useQuery(departmentsQuery);
  const tree = useMemo(() => departmentTree(query.data ?? []), [query.data]);
  const remove = useDeleteDepartment();
  const [edit, setEdit] = useState<DepartmentEdit>();

  const askDelete = (node: DepartmentNode) =>
    void modal.confirm({
      title: t('departments.deleteAsk', { name: node.name }),
      okText: t('departments.delete'),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(node.id).then(() => message.success(t('departments.deleted')), showProblem),
    });
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdit({ parent: tree[0]?.id ?? null })}>
      {t('departments.add')}
    </Button>
  );

  return (
    <Page width="narrow">
      <PageHeader title={t('departments.title')} help={t('departments.help')} actions={add} />
      <DataState
        query={query}
        isEmpty={tree.length === 0}
        empty={{ icon: <ApartmentOutlined />, title: t('departments.empty'), help: t('departments.emptyHelp'), action: add }}
      >
        <DepartmentTable
          tree={tree}
          onAdd={(node) => setEdit({ parent: node.id })}
          onEdit={(node) => setEdit({ node, parent: node.parent_id })}
          onDelete={askDelete}
        />
      </DataState>
      <DepartmentDialog edit={edit} tree={tree} onClose={() => setEdit(undefined)} />
    </Page>
  );
}
