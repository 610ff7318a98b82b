import { App, Form, Input, Modal, Select } from 'antd';
import { common } from '@/ui/texts';
import { fieldErrors, useProblem } from '@/ui/useProblem';
import { useSaveDepartment, type DepartmentValues } from './data';
import { possibleParents, type DepartmentNode } from './department-tree';
import { adminTexts } from './texts';

/** Which department is being changed, or below which one a new one goes. */
export interface DepartmentEdit {
  node?: DepartmentNode;
  parent: string | null;
}

interface DepartmentDialogProps {
  edit: DepartmentEdit | undefined;
  tree: DepartmentNode[];
  onClose: () => void;
}

/** Name and place of a department: adding, renaming and moving are the same two fields. */
export function DepartmentDialog({ edit, tree, onClose }: DepartmentDialogProps) {
  const t = adminTexts.useText();
  const c = common.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [form] = Form.useForm<DepartmentValues>();
  const save = useSaveDepartment();
  const node = edit?.node;

  const submit = (values: DepartmentValues) =>
    save.mutate(
      { id: node?.id ?? null, values: { name: values.name.trim(), parent_id: values.parent_id ?? null } },
      {
        onSuccess: () => {
          void message.success(t(node ? 'departments.saved' : 'departments.added'));
          onClose();
        },
        onError: (error) => {
          const complaints = fieldErrors(error).filter(({ name }) => name === 'name');
          if (complaints[0]) form.setFields([{ name: 'name', errors: complaints[0].errors }]);
          else showProblem(error);
        },
      },
    );

  return (
    <Modal
      open={edit !== undefined}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={save.isPending}
      okText={c('save')}
      cancelText={c('cancel')}
      destroyOnHidden
      title={t(node ? 'departments.edit' : 'departments.add')}
    >
      <Form<DepartmentValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ name: node?.name ?? '', parent_id: edit?.parent ?? null }}
        onFinish={submit}
      >
        <Form.Item
          name="name"
          label={t('departments.name')}
          rules={[{ required: true, whitespace: true, message: t('departments.nameRequired') }]}
        >
          <Input maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item name="parent_id" label={t('departments.parent')}>
          <Select<string>
            allowClear
            placeholder={t('departments.top')}
            showSearch={{ optionFilterProp: 'name' }}
            options={possibleParents(tree, node?.id ?? null).map(({ id, name, depth }) => ({
              value: id,
              name,
              label: `${'\u2003'.repeat(depth)}${name}`,
            }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
