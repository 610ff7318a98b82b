import { CopyOutlined } from '@ant-design/icons';
import { Alert, App, Button, Modal } from 'antd';
import styles from './admin.module.css';
import { adminTexts } from './texts';

export interface InitialPassword {
  name: string;
  login: string;
  password: string;
}

interface InitialPasswordDialogProps {
  secret: InitialPassword | undefined;
  onClose: () => void;
}

/** Shown once: a click beside it does not close it. */
export function InitialPasswordDialog({ secret, onClose }: InitialPasswordDialogProps) {
  const t = adminTexts.useText();
  const { message } = App.useApp();
  const copy = ({ login, password }: InitialPassword) =>
    navigator.clipboard.writeText(`${login}\n${password}`).then(
      () => message.success(t('secret.copied')),
      () => message.error(t('secret.copyFailed')),
    );
  return (
    <Modal
      open={secret !== undefined}
      mask={{ closable: false }}
      closable={false}
      keyboard={false}
      title={t('secret.title', { name: secret?.name ?? '' })}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('secret.done')}
        </Button>
      }
    >
      {secret && (
        <>
          <Alert type="warning" showIcon title={t('secret.once')} />
          <dl className={styles.secret}>
            <dt>{t('secret.login')}</dt>
            <dd>{secret.login}</dd>
            <dt>{t('secret.password')}</dt>
            <dd>{secret.password}</dd>
          </dl>
          <Button icon={<CopyOutlined />} onClick={() => void copy(secret)}>
            {t('secret.copy')}
          </Button>
        </>
      )}
    </Modal>
  );
}
