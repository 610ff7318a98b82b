import type { ReactNode } from 'react';
import styles from './PageHeader.module.css';

interface PageHeaderProps {
  title: ReactNode;
  /** Beside the title, quieter: a count, a state. */
  extra?: ReactNode;
  help?: ReactNode;
  actions?: ReactNode;
}

/** The first line of every page: its one `h1`, and what can be done here. */
export function PageHeader({ title, extra, help, actions }: PageHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <div className={styles.line}>
          <h1 className={styles.title}>{title}</h1>
          {extra === undefined ? null : <span className={styles.extra}>{extra}</span>}
        </div>
        {help === undefined ? null : <p className={styles.help}>{help}</p>}
      </div>
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
