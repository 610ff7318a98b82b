import styles from './leaving.module.css';

interface CountedListProps {
  items: string[];
  /** Said when there are none. */
  nothing: string;
}

export function CountedList({ items, nothing }: CountedListProps) {
  if (items.length === 0) return <p className={styles.quiet}>{nothing}</p>;
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
