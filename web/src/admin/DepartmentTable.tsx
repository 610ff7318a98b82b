import { DeleteOutlined, EditOutlined, MoreOutlined, PlusOutlined, TeamOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dropdown, Table, type TableColumnsType } from 'antd';
import { usePhone } from '@/app/usePhone';
import type { DepartmentNode } from './department-tree';
import styles from './admin.module.css';
import { adminTexts } from './texts';

interface DepartmentTableProps {
  tree: DepartmentNode[];
  onAdd: (parent: DepartmentNode) => void;
  onEdit: (node: DepartmentNode) => void;
  onDelete: (node: DepartmentNode) => void;
}

/** The tree as a table: names indented, people counted, what can be done behind one button. */
export function DepartmentTable({ tree, ...actions }: DepartmentTableProps) {
  const t = adminTexts.useText();
  const phone = usePhone();
  const columns: TableColumnsType<DepartmentNode> = [
    { key: 'name', title: t('departments.name'), dataIndex: 'name' },
    ...(phone ? [] : [{ key: 'people', title: t('departments.people'), dataIndex: 'people', align: 'end' as const, width: 120 }]),
    { key: 'total', title: t('departments.total'), dataIndex: 'total', align: 'end', width: phone ? 90 : 140 },
    {
      key: 'actions',
      title: <span className={styles.hidden}>{t('departments.column')}</span>,
      width: 56,
      align: 'end',
      render: (_, node) => <Actions node={node} {...actions} />,
    },
  ];
  return (
    <Table
      rowKey="id"
      size="small"
      columns={columns}
      dataSource={tree}
      pagination={false}
      expandable={{ defaultExpandAllRows: true, indentSize: phone ? 12 : 20 }}
    />
  );
}

function Actions({ node, onAdd, onEdit, onDelete }: Omit<DepartmentTableProps, 'tree'> & { node: DepartmentNode }) {
  const t = adminTexts.useText();
  const navigate = useNavigate();
  const inUse = node.total > 0 || node.children !== undefined;
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          {
            key: 'people',
            icon: <TeamOutlined />,
            label: t('departments.view'),
            onClick: () => void navigate({ to: '/admin/people', search: { department: node.id } }),
          },
          { key: 'add', icon: <PlusOutlined />, label: t('departments.addUnder'), onClick: () => onAdd(node) },
          { key: 'edit', icon: <EditOutlined />, label: t('departments.edit'), onClick: () => onEdit(node) },
          {
            key: 'delete',
            icon: <DeleteOutlined />,
            danger: true,
            disabled: inUse,
            label: inUse ? t('departments.deleteBlocked') : t('departments.delete'),
            onClick: () => onDelete(node),
          },
        ],
      }}
    >
      <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('departments.actions', { name: node.name })} />
    </Dropdown>
  );
}
