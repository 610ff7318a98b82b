import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Form } from 'antd';
import { useDeferredValue } from 'react';
import { passwordCheckQuery } from './data';
import { PasswordInput } from './PasswordInput';
import { StrengthMeter } from './StrengthMeter';
import type { PasswordOwner } from './strength';
import { sessionTexts } from './texts';

interface NewPasswordFieldsProps {
  owner: PasswordOwner;
  /** Set-up speaks of "password", a change of "new password". */
  label: string;
}

/** Two form fields, `password` and `repeat`: a new password with its live strength, and the same again. */
export function NewPasswordFields({ owner, label }: NewPasswordFieldsProps) {
  const t = sessionTexts.useText();
  const client = useQueryClient();
  const form = Form.useFormInstance<{ password?: string }>();
  const typed = Form.useWatch('password', form) ?? '';
  const check = useQuery(passwordCheckQuery(useDeferredValue(typed), owner)).data;

  return (
    <>
      <Form.Item
        name="password"
        label={label}
        validateTrigger="onSubmit"
        required
        extra={<StrengthMeter check={typed === '' ? undefined : check} />}
        rules={[
          { required: true, message: t('newRequired') },
          {
            validator: async (_, value: string | undefined) => {
              if (!value) return;
              const { ok } = await client.fetchQuery(passwordCheckQuery(value, owner));
              if (!ok) throw new Error(t('problem.other'));
            },
          },
        ]}
      >
        <PasswordInput autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t('repeatPassword')}
        dependencies={['password']}
        validateTrigger="onBlur"
        rules={[
          { required: true, message: t('repeatRequired') },
          ({ getFieldValue }) => ({
            validator: (_, value: string | undefined) =>
              !value || value === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error(t('repeatDiffers'))),
          }),
        ]}
      >
        <PasswordInput autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
