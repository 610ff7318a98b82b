import { Alert, Button, Form } from 'antd';
import type { Me } from '@/api/types';
import styles from './AuthFrame.module.css';
import { useChangePassword, useSignOut } from './data';
import { NewPasswordFields } from './NewPasswordFields';
import { PasswordInput } from './PasswordInput';
import { passwordProblemText } from './password-problem';
import { sessionTexts } from './texts';

interface FirstPasswordProps {
  me: Me;
  /** The initial password, when it was typed a moment ago; after a reload it is asked for. */
  initial?: string | undefined;
  onDone: () => void;
  onLeave?: () => void;
}

/** An administrator knows the initial password: nobody goes on before it is replaced. */
export function FirstPassword({ me, initial, onDone, onLeave }: FirstPasswordProps) {
  const t = sessionTexts.useText();
  const change = useChangePassword();
  const signOut = useSignOut();

  const submit = (values: { current?: string; password: string }) =>
    change.mutate({ current: initial ?? values.current ?? '', new: values.password }, { onSuccess: onDone });

  return (
    <>
      <h1 className={styles.title}>{t('firstTitle')}</h1>
      <p className={styles.lead}>{t('firstLead', { name: me.name })}</p>
      {change.error && <Alert type="error" showIcon className={styles.notice} title={passwordProblemText(change.error)} />}
      <Form layout="vertical" requiredMark={false} size="large" onFinish={submit} disabled={change.isPending}>
        {/* Lets password managers save the new password under the right login. */}
        <input type="text" autoComplete="username" value={me.login} readOnly hidden />
        {initial === undefined && (
          <Form.Item name="current" label={t('currentPassword')} rules={[{ required: true, message: t('currentRequired') }]}>
            <PasswordInput autoComplete="current-password" />
          </Form.Item>
        )}
        <NewPasswordFields owner={me} label={t('newPassword')} />
        <Button type="primary" htmlType="submit" block loading={change.isPending}>
          {t('firstSubmit')}
        </Button>
      </Form>
      <Button type="link" block onClick={() => signOut.mutate(undefined, { onSettled: () => onLeave?.() })}>
        {t('useOtherAccount')}
      </Button>
    </>
  );
}
