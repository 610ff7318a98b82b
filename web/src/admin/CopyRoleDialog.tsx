import { App, Form, Input, Modal } from 'antd';
import type { Role } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { common } from '@/ui/texts';
import { useProblem } from '@/ui/useProblem';
import styles from './admin.module.css';
import { useCopyRole } from './data';
import { adminTexts } from './texts';

const KEY = /^[a-z][a-z0-9_]*$/;

interface CopyRoleDialogProps {
  original: Role | undefined;
  taken: string[];
  onClose: () => void;
}

interface CopyValues {
  key: string;
  zh: string;
  en: string;
}

export function CopyRoleDialog({ original, taken, onClose }: CopyRoleDialogProps) {
  const t = adminTexts.useText();
  const c = common.useText();
  const { label } = useFormats();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [form] = Form.useForm<CopyValues>();
  const copy = useCopyRole();

  const submit = ({ key, zh, en }: CopyValues) => {
    if (original === undefined) return;
    copy.mutate(
      { key, name: { zh: zh.trim(), en: en.trim() }, copy_of: original.key },
      {
        onSuccess: () => {
          void message.success(t('roles.copied'));
          onClose();
        },
        onError: showProblem,
      },
    );
  };

  return (
    <Modal
      open={original !== undefined}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={copy.isPending}
      okText={c('create')}
      cancelText={c('cancel')}
      destroyOnHidden
      title={original && t('roles.copyOf', { name: label(original.name) })}
    >
      <p className={styles.quiet}>{t('roles.copyHelp')}</p>
      <Form<CopyValues> form={form} layout="vertical" requiredMark={false} preserve={false} onFinish={submit}>
        <Form.Item name="zh" label={t('roles.nameZh')} rules={[{ required: true, whitespace: true, message: t('roles.nameRequired') }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="en" label={t('roles.nameEn')} rules={[{ required: true, whitespace: true, message: t('roles.nameRequired') }]}>
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
                taken.includes(key) ? Promise.reject(new Error(t('roles.keyTaken'))) : Promise.resolve(),
            },
          ]}
        >
          <Input maxLength={40} spellCheck={false} autoCapitalize="none" autoComplete="off" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
