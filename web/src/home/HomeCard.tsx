import type { ReactNode } from 'react';
import styles from './home.module.css';

interface HomeCardProps {
  title: string;
  extra?: ReactNode;
  children: ReactNode;
}

export function HomeCard({ title, extra, children }: HomeCardProps) {
  return (
    <section className={styles.card} aria-label={title}>
      <header className={styles.cardHead}>
        <h2 className={styles.cardTitle}>{title}</h2>
        <span>{extra}</span>
      </header>
      {children}
    </section>
  );
}
