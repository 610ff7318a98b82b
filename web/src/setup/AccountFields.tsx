import { Form, Input } from 'antd';
import type { NewAccount } from '@/api/types';
import { NewPasswordFields } from '@/session/NewPasswordFields';
import { isReservedLogin } from './answers';
import { setupTexts } from './texts';

/** Starts with a letter or digit, so that it cannot be taken for an option or a hidden file. */
const LOGIN = /^[a-z0-9][a-z0-9._-]*$/;

/** Name, login and a strong password of an account to be made. `taken` is a login given away a step before. */
export function AccountFields({ taken }: { taken?: string | undefined }) {
  const t = setupTexts.useText();
  const form = Form.useFormInstance<NewAccount>();
  const owner = { name: Form.useWatch('name', form) ?? '', login: Form.useWatch('login', form) ?? '' };
  return (
    <>
      <Form.Item
        name="name"
        label={t('account.name')}
        rules={[{ required: true, whitespace: true, message: t('account.nameRequired') }]}
      >
        <Input autoComplete="name" maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item
        name="login"
        label={t('account.login')}
        extra={t('account.loginHelp')}
        validateTrigger="onBlur"
        validateFirst
        rules={[
          { required: true, message: t('account.loginRequired') },
          { pattern: LOGIN, message: t('account.loginFormat') },
          {
            validator: (_, login: string) => {
              if (isReservedLogin(login)) return Promise.reject(new Error(t('account.loginReserved')));
              if (login === taken) return Promise.reject(new Error(t('account.loginTaken')));
              return Promise.resolve();
            },
          },
        ]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={64} />
      </Form.Item>
      <NewPasswordFields owner={owner} label={t('account.password')} />
    </>
  );
}
