import { App, Button, Form, Input } from 'antd';
import type { Me } from '@/api/types';
import { useProblem } from '@/ui/useProblem';
import styles from './AccountPage.module.css';
import { useChangeProfile } from './data';
import { LanguageSwitch } from './LanguageSwitch';
import { sessionTexts } from './texts';

/** Name is saved by the button; the language takes effect at once. */
export function ProfileForm({ me }: { me: Me }) {
  const t = sessionTexts.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const change = useChangeProfile();

  return (
    <Form<{ name: string }>
      layout="vertical"
      requiredMark={false}
      className={styles.form}
      initialValues={{ name: me.name }}
      disabled={change.isPending}
      onFinish={({ name }) =>
        change.mutate({ name: name.trim() }, { onSuccess: () => message.success(t('nameSaved')), onError: showProblem })
      }
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('nameRequired') }]}>
        <Input autoComplete="name" maxLength={100} />
      </Form.Item>
      <Form.Item>
        <Button htmlType="submit" loading={change.isPending}>
          {t('save')}
        </Button>
      </Form.Item>
      <Form.Item label={t('language')}>
        <LanguageSwitch />
      </Form.Item>
    </Form>
  );
}
