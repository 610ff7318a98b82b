import type { ReactNode } from 'react';
import styles from './Page.module.css';

/** A page that scrolls as a whole. `narrow` suits forms, `wide` tables and boards. */
export function Page({ width = 'wide', children }: { width?: 'narrow' | 'wide'; children: ReactNode }) {
  return <div className={width === 'narrow' ? styles.narrow : styles.wide}>{children}</div>;
}
