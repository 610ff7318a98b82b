import { CopyOutlined, DownloadOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import styles from './security.module.css';
import { securityTexts } from './texts';

interface RecoveryCodeListProps {
  codes: string[];
  onKept: () => void;
}

/** Recovery codes, shown this once. */
export function RecoveryCodeList({ codes, onKept }: RecoveryCodeListProps) {
  const t = securityTexts.useText();
  const { message } = App.useApp();
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    void message.success(t('copied'));
  };
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }));
    link.download = 'shouxin-recovery-codes.txt';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  return (
    <>
      <p className={styles.lead}>{t('codesLead')}</p>
      <ul className={styles.codes}>{codes.map((code) => <li key={code}>{code}</li>)}</ul>
      <div className={styles.actions}>
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>{t('copy')}</Button>
        <Button icon={<DownloadOutlined />} onClick={download}>{t('download')}</Button>
        <Button type="primary" onClick={onKept}>{t('codesKept')}</Button>
      </div>
    </>
  );
}
