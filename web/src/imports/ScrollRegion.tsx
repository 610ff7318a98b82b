import type { ReactNode } from 'react';
import styles from './imports.module.css';

/** A box of limited height around a long table; the keyboard can scroll it, which antd's own cannot. */
export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="region" aria-label={label} tabIndex={0} className={styles.region}>
      {children}
    </div>
  );
}
