import { PhoneOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { recordTopQuery } from '@/api/records';
import { useFormats } from '@/i18n/format';
import { OptionTag } from '@/records/fields/OptionTag';
import { findView } from '@/records/list/views';
import { findField, useObject } from '@/records/useObject';
import { DataState } from '@/ui/DataState';
import { recordTitle } from '@/ui/record-title';
import { isPast } from '@/ui/time';
import { HomeCard } from './HomeCard';
import styles from './home.module.css';
import { home } from './texts';

/** My customers whose next contact is due this week or late. */
export function FollowUpsCard() {
  const t = home.useText();
  const { relative, dateTime } = useFormats();
  const object = useObject('customer');
  const view = findView('customer', 'follow-ups');
  const query = useQuery(recordTopQuery('customer', { filter: view.condition, sort: 'next_contact_at' }, 8));
  const items = query.data?.items ?? [];
  const level = object === undefined ? undefined : findField(object, 'level');
  return (
    <HomeCard title={t('followUps')} extra={<Link to="/customers" search={{ view: 'follow-ups' }}>{t('followUps.all')}</Link>}>
      <DataState query={query} isEmpty={items.length === 0} empty={{ icon: <PhoneOutlined />, title: t('followUps.empty'), help: t('followUps.empty.help') }}>
        <ul className={styles.list}>
          {items.map((item) => {
            const next = String(item.next_contact_at);
            return (
              <li key={item.id} className={styles.row}>
                <Link className={styles.rowMain} to="/customers/$id" params={{ id: item.id }}>{recordTitle('customer', item)}</Link>
                {level !== undefined && typeof item.level === 'string' ? <OptionTag field={level} value={item.level} /> : null}
                <span className={styles.when} data-late={isPast(next)} title={dateTime(next)}>{relative(next)}</span>
              </li>
            );
          })}
        </ul>
      </DataState>
    </HomeCard>
  );
}
