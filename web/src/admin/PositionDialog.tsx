import { App, Form, Input, Modal } from 'antd';
import type { Position } from '@/api/types';
import { common } from '@/ui/texts';
import { useProblem } from '@/ui/useProblem';
import { useSavePosition } from './data';
import { adminTexts } from './texts';

const KEY = /^[a-z][a-z0-9_]{1,39}$/;

interface PositionDialogProps {
  /** The position to rename, or a new one. */
  edit: Position | 'new' | undefined;
  taken: Position[];
  onClose: () => void;
}

interface PositionFormValues {
  key: string;
  zh: string;
  en: string;
}

/** Names of a position; its key is chosen once. */
export function PositionDialog({ edit, taken, onClose }: PositionDialogProps) {
  const t = adminTexts.useText();
  const c = common.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [form] = Form.useForm<PositionFormValues>();
  const save = useSavePosition();
  const known = edit === 'new' ? undefined : edit;

  const submit = ({ key, zh, en }: PositionFormValues) =>
    save.mutate(
      { key, name: { zh: zh.trim(), en: en.trim() } },
      { onSuccess: () => (void message.success(t('positions.saved')), onClose()), onError: showProblem },
    );
  const nameRules = [{ required: true, whitespace: true, message: t('roles.nameRequired') }];

  return (
    <Modal
      open={edit !== undefined}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={save.isPending}
      okText={c('save')}
      cancelText={c('cancel')}
      destroyOnHidden
      title={t(known ? 'positions.edit' : 'positions.add')}
    >
      <Form<PositionFormValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ key: known?.key ?? '', zh: known?.name.zh ?? '', en: known?.name.en ?? '' }}
        onFinish={submit}
      >
        <Form.Item name="zh" label={t('roles.nameZh')} rules={nameRules}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="en" label={t('roles.nameEn')} rules={nameRules}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="key"
          label={t('roles.key')}
          extra={t('roles.keyHelp')}
          validateFirst
          rules={[
            { required: true, pattern: KEY, message: t('roles.keyFormat') },
            {
              validator: (_, key: string) =>
                known === undefined && taken.some((position) => position.key === key)
                  ? Promise.reject(new Error(t('roles.keyTaken')))
                  : Promise.resolve(),
            },
          ]}
        >
          <Input maxLength={40} disabled={known !== undefined} spellCheck={false} autoCapitalize="none" autoComplete="off" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
