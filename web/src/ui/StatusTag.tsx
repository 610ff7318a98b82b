import type { ReactNode } from 'react';
import styles from './StatusTag.module.css';

export type Tone = 'plain' | 'good' | 'info' | 'warn' | 'bad';

/** A state in one word. antd's coloured tags fall short of the contrast that small text needs. */
export function StatusTag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  );
}
