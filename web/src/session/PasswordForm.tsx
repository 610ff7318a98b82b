import { Alert, App, Button, Form } from 'antd';
import type { Me } from '@/api/types';
import styles from './AccountPage.module.css';
import { useChangePassword } from './data';
import { NewPasswordFields } from './NewPasswordFields';
import { PasswordInput } from './PasswordInput';
import { passwordProblemText } from './password-problem';
import { sessionTexts } from './texts';

interface PasswordValues {
  current: string;
  password: string;
}

/** Changes one's own password; the present one proves that it is you. */
export function PasswordForm({ me }: { me: Me }) {
  const t = sessionTexts.useText();
  const { message } = App.useApp();
  const [form] = Form.useForm<PasswordValues>();
  const change = useChangePassword();

  const submit = ({ current, password }: PasswordValues) =>
    change.mutate(
      { current, new: password },
      {
        onSuccess: () => {
          form.resetFields();
          void message.success(t('passwordChanged'));
        },
      },
    );

  return (
    <Form form={form} layout="vertical" requiredMark={false} className={styles.form} onFinish={submit} disabled={change.isPending}>
      <input type="text" autoComplete="username" value={me.login} readOnly hidden />
      <Form.Item name="current" label={t('currentPassword')} rules={[{ required: true, message: t('currentRequired') }]}>
        <PasswordInput autoComplete="current-password" />
      </Form.Item>
      <NewPasswordFields owner={me} label={t('newPassword')} />
      {change.error && <Alert type="error" showIcon title={passwordProblemText(change.error)} style={{ marginBottom: 16 }} />}
      <Button htmlType="submit" loading={change.isPending}>
        {t('changePassword')}
      </Button>
    </Form>
  );
}
