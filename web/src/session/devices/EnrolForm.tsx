import { App, Button, Form, Input } from 'antd';
import { platformWords } from '@/app/device';
import { useProblem } from '@/ui/useProblem';
import { useEnrolDevice } from './data';
import { deviceTexts } from './texts';

/** Names this browser and enrols its key. */
export function EnrolForm({ onDone }: { onDone?: () => void }) {
  const t = deviceTexts.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const enrol = useEnrolDevice();
  const submit = ({ name }: { name: string }) =>
    enrol.mutate(name.trim(), {
      onSuccess: (device) => {
        void message.success(t(device.state === 'approved' ? 'enrolled' : 'waits'));
        onDone?.();
      },
      onError: showProblem,
    });
  return (
    <Form<{ name: string }> layout="vertical" requiredMark={false} initialValues={{ name: platformWords() }} onFinish={submit}>
      <Form.Item name="name" label={t('name')} extra={t('nameHelp')} rules={[{ required: true, whitespace: true, message: t('nameRequired') }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={enrol.isPending}>
        {t('enrol')}
      </Button>
    </Form>
  );
}
