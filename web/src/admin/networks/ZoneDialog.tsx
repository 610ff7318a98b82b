import { App, Form, Input, Modal } from 'antd';
import type { Zone } from '@/api/types';
import { common } from '@/ui/texts';
import { useConfirmedSave } from '../useConfirmedSave';
import { useSaveZone } from './data';
import { networkTexts } from './texts';

interface ZoneValues {
  key: string;
  name: string;
  ranges: string;
}

/** A zone's name and ranges; its key is chosen once. */
export function ZoneDialog({ zone, onClose }: { zone: Zone | 'new' | undefined; onClose: () => void }) {
  const t = networkTexts.useText();
  const c = common.useText();
  const { message } = App.useApp();
  const [form] = Form.useForm<ZoneValues>();
  const saveZone = useSaveZone();
  const save = useConfirmedSave({ title: t('lockTitle'), help: t('lockHelp'), ok: t('lockOk') });
  const known = zone === 'new' ? undefined : zone;

  const submit = (values: ZoneValues) => {
    const ranges = values.ranges.split(/[\s,;，；]+/).filter((range) => range !== '');
    const change = { name: values.name.trim(), ranges };
    return save(
      (confirm) => saveZone.mutateAsync({ key: known?.key ?? values.key.trim(), change: { ...change, confirm } }),
      () => {
        void message.success(t('saved'));
        onClose();
      },
    );
  };
  return (
    <Modal
      open={zone !== undefined}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={saveZone.isPending}
      okText={c('save')}
      cancelText={c('cancel')}
      destroyOnHidden
      title={known ? t('edit', { name: known.name }) : t('add')}
    >
      <Form<ZoneValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ key: known?.key ?? '', name: known?.name ?? '', ranges: known?.ranges.join('\n') ?? '' }}
        onFinish={submit}
      >
        <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('nameRequired') }]}>
          <Input maxLength={100} autoFocus />
        </Form.Item>
        {known ? null : (
          <Form.Item name="key" label={t('key')} extra={t('keyHelp')} rules={[{ required: true, pattern: /^[a-z0-9_-]{2,40}$/, message: t('keyFormat') }]}>
            <Input maxLength={40} />
          </Form.Item>
        )}
        <Form.Item name="ranges" label={t('ranges')} extra={t('rangesHelp')} rules={[{ required: true, whitespace: true, message: t('rangesRequired') }]}>
          <Input.TextArea rows={6} spellCheck={false} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
