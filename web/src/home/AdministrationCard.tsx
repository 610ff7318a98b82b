import { Link } from '@tanstack/react-router';
import { ADMINISTRATION, allowed } from '@/app/menu';
import { useCan } from '@/app/session';
import { app } from '@/app/texts';
import { HomeCard } from './HomeCard';
import styles from './home.module.css';
import { home } from './texts';

/** For administrators, whose offices see no customer data. */
export function AdministrationCard() {
  const t = home.useText();
  const ta = app.useText();
  const can = useCan();
  return (
    <HomeCard title={t('administration')}>
      <p className={styles.help}>{t('administration.help')}</p>
      <ul className={styles.list}>
        {allowed(ADMINISTRATION, can).map((entry) => (
          <li key={entry.path} className={styles.row}><Link to={entry.path}>{ta(entry.text)}</Link></li>
        ))}
      </ul>
    </HomeCard>
  );
}
