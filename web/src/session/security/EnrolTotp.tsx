import { Alert, Button, Form, Input, QRCode } from 'antd';
import { useState } from 'react';
import type { NewTotp } from '@/api/types';
import { fieldErrors, problemText } from '@/ui/useProblem';
import { useBeginTotp, useConfirmFactor } from './data';
import { RecoveryCodeList } from './RecoveryCodeList';
import styles from './security.module.css';
import { securityTexts } from './texts';

const QR_SIZE = 200;

/** Guides through the enrolment of an authenticator: name, QR code, first code, recovery codes. */
export function EnrolTotp({ onDone }: { onDone: () => void }) {
  const t = securityTexts.useText();
  const begin = useBeginTotp();
  const [codes, setCodes] = useState<string[]>();
  const failed = (error: unknown) => fieldErrors(error)[0]?.errors[0] ?? problemText(error);

  if (codes) return <RecoveryCodeList codes={codes} onKept={onDone} />;
  if (begin.data) {
    return <ScanAndConfirm made={begin.data} onConfirmed={(fresh) => (fresh ? setCodes(fresh) : onDone())} />;
  }
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      initialValues={{ name: t('defaultName') }}
      onFinish={({ name }: { name: string }) => begin.mutate(name)}
      disabled={begin.isPending}
    >
      {begin.error ? <Alert type="error" showIcon className={styles.notice} title={failed(begin.error)} /> : null}
      <Form.Item name="name" label={t('factorName')} rules={[{ required: true, whitespace: true, max: 60 }]}>
        <Input />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={begin.isPending}>{t('start')}</Button>
    </Form>
  );
}

interface ScanAndConfirmProps {
  made: NewTotp;
  onConfirmed: (codes: string[] | null | undefined) => void;
}

function ScanAndConfirm({ made, onConfirmed }: ScanAndConfirmProps) {
  const t = securityTexts.useText();
  const confirm = useConfirmFactor();
  const failed = (error: unknown) => fieldErrors(error)[0]?.errors[0] ?? problemText(error);
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      onFinish={({ code }: { code: string }) =>
        confirm.mutate({ id: made.id, code }, { onSuccess: (answer) => onConfirmed(answer.recovery_codes) })
      }
      disabled={confirm.isPending}
    >
      <p className={styles.lead}>{t('scanLead')}</p>
      <div className={styles.qr} role="img" aria-label={t('qr')}>
        <QRCode type="svg" value={made.uri} size={QR_SIZE} color="#000" bgColor="#fff" />
      </div>
      <p>
        {t('cannotScan')} <code className={styles.key}>{made.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      {confirm.error ? <Alert type="error" showIcon className={styles.notice} title={failed(confirm.error)} /> : null}
      <Form.Item name="code" label={t('enterCode')} rules={[{ required: true, whitespace: true, message: t('codeRequired') }]}>
        <Input autoComplete="one-time-code" inputMode="numeric" maxLength={8} className={styles.code} autoFocus />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={confirm.isPending}>{t('confirm')}</Button>
    </Form>
  );
}
