import { AuditOutlined, EyeInvisibleOutlined, KeyOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { app } from '@/app/texts';
import styles from './AuthFrame.module.css';
import { LanguageSwitch } from './LanguageSwitch';
import { sessionTexts } from './texts';

interface AuthFrameProps {
  children: ReactNode;
  /** Set-up needs more room than a sign-in form. */
  wide?: boolean;
}

/** The face of the house before one is inside: its promises on the left, one thing to do on the right. */
export function AuthFrame({ children, wide = false }: AuthFrameProps) {
  const product = app.useText()('product');
  return (
    <div className={styles.frame}>
      <Promises />
      <div className={styles.side}>
        <header className={styles.bar}>
          <span className={styles.brand}>{product}</span>
          <LanguageSwitch />
        </header>
        <main className={wide ? styles.wide : styles.narrow}>{children}</main>
      </div>
    </div>
  );
}

function Promises() {
  const t = sessionTexts.useText();
  const promises = [
    { icon: <EyeInvisibleOutlined />, text: t('promiseMask') },
    { icon: <AuditOutlined />, text: t('promiseRecord') },
    { icon: <KeyOutlined />, text: t('promiseKey') },
  ];
  return (
    <aside className={styles.promises} aria-label={t('slogan')}>
      <p className={styles.name}>{app.useText()('product')}</p>
      <div>
        <p className={styles.slogan}>{t('slogan')}</p>
        <ul className={styles.list}>
          {promises.map(({ icon, text }) => (
            <li key={text} className={styles.promise}>
              <span aria-hidden="true">{icon}</span>
              {text}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}
