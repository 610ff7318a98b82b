import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import { useFormats } from '@/i18n/format';
import { AuthFrame } from '@/session/AuthFrame';
import frame from '@/session/AuthFrame.module.css';
import { problemText } from '@/ui/useProblem';
import { useGiveCode } from './data';
import { breakGlassTexts } from './texts';

/** Two custodians open the emergency account. It tells nobody whether there is one. */
export default function OpenPage() {
  const t = breakGlassTexts.useText();
  const { dateTime } = useFormats();
  const client = useQueryClient();
  const router = useRouter();
  const [form] = Form.useForm<{ code: string }>();
  const give = useGiveCode();
  const [until, setUntil] = useState<string>();
  const submit = ({ code }: { code: string }) =>
    give.mutate(code.trim(), {
      onSuccess: (opened) => {
        form.resetFields();
        if (!opened.open) return setUntil(opened.until ?? undefined);
        client.clear();
        void router.navigate({ to: '/' });
      },
    });
  return (
    <AuthFrame>
      <h1 className={frame.title}>{t('openTitle')}</h1>
      <p className={frame.lead}>{t('openLead')}</p>
      {until ? <Alert type="success" showIcon className={frame.notice} title={t('second', { when: dateTime(until) })} /> : null}
      {give.error ? (
        <Alert
          type="error"
          showIcon
          className={frame.notice}
          title={isProblem(give.error, 'bad_credentials') ? t('wrong') : problemText(give.error)}
        />
      ) : null}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit}>
        <Form.Item name="code" label={t('give')} rules={[{ required: true, whitespace: true, message: t('giveRequired') }]}>
          <Input.Password autoComplete="off" maxLength={60} autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={give.isPending}>
          {t('next')}
        </Button>
      </Form>
      <p>
        <Link to="/sign-in">{t('back')}</Link>
      </p>
    </AuthFrame>
  );
}
