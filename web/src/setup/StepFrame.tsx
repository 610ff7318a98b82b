import type { ReactNode } from 'react';
import { Button } from 'antd';
import styles from './Setup.module.css';
import { setupTexts } from './texts';

interface StepFrameProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** Title and purpose of one step. */
export function StepFrame({ title, lead, children }: StepFrameProps) {
  return (
    <>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.lead}>{lead}</p>
      {children}
    </>
  );
}

interface StepButtonsProps {
  onBack?: () => void;
  next?: string;
  busy?: boolean;
}

/** Back, and the button that submits the form of this step. */
export function StepButtons({ onBack, next, busy = false }: StepButtonsProps) {
  const t = setupTexts.useText();
  return (
    <div className={styles.buttons}>
      {onBack && (
        <Button size="large" onClick={onBack} disabled={busy}>
          {t('back')}
        </Button>
      )}
      <Button type="primary" size="large" htmlType="submit" loading={busy}>
        {next ?? t('next')}
      </Button>
    </div>
  );
}
