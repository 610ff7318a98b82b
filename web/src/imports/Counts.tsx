import { useFormats } from '@/i18n/format';
import styles from './imports.module.css';

export interface CountItem {
  name: string;
  value: number;
  /** Coloured only when there is something to look at. */
  tone?: 'good' | 'bad' | 'warn';
}

/** Numbers side by side, each with its name. */
export function Counts({ items }: { items: CountItem[] }) {
  const { number } = useFormats();
  return (
    <dl className={styles.counts}>
      {items.map(({ name, value, tone }) => (
        <div key={name} className={styles.count} data-tone={value > 0 ? tone : undefined}>
          <dt>{name}</dt>
          <dd>{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
