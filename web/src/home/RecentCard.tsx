import { MailOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { recordTopQuery } from '@/api/records';
import { useFormats } from '@/i18n/format';
import { ChannelIcon } from '@/records/timeline/channels';
import { DataState } from '@/ui/DataState';
import { recordTitle } from '@/ui/record-title';
import { HomeCard } from './HomeCard';
import styles from './home.module.css';
import { home } from './texts';

/** The newest conversations that I may see. */
export function RecentCard() {
  const t = home.useText();
  const { relative } = useFormats();
  const query = useQuery(recordTopQuery('communication', { sort: '-occurred_at' }, 8));
  const items = query.data?.items ?? [];
  return (
    <HomeCard title={t('recent')} extra={<Link to="/communications">{t('recent.all')}</Link>}>
      <DataState query={query} isEmpty={items.length === 0} empty={{ icon: <MailOutlined />, title: t('recent.empty') }}>
        <ul className={styles.list}>
          {items.map((item) => (
            <li key={item.id} className={styles.row}>
              <span className={styles.icon} aria-hidden="true"><ChannelIcon channel={item.channel} /></span>
              <Link className={styles.rowMain} to="/communications" search={{ open: item.id }}>{recordTitle('communication', item)}</Link>
              <span className={styles.quiet}>{item._labels.customer}</span>
              <span className={styles.when}>{relative(String(item.occurred_at))}</span>
            </li>
          ))}
        </ul>
      </DataState>
    </HomeCard>
  );
}
