import { Button, Popconfirm, type ButtonProps } from 'antd';
import { useState } from 'react';
import { common } from './texts';

interface ConfirmButtonProps extends Omit<ButtonProps, 'onClick' | 'loading'> {
  question: string;
  explanation?: string;
  onConfirm: () => void | Promise<unknown>;
}

/** A button for what cannot be undone by a toast: asks once, right where it was pressed. */
export function ConfirmButton({ question, explanation, onConfirm, children, ...button }: ConfirmButtonProps) {
  const t = common.useText();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popconfirm title={question} description={explanation} okText={t('confirm')} cancelText={t('cancel')} onConfirm={confirm}>
      <Button {...button} loading={busy}>{children}</Button>
    </Popconfirm>
  );
}
