import { Button, DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { LedgerOutcome } from '@/api/types';
import { SearchBox } from '@/records/list/SearchBox';
import { PersonPicker } from '@/ui/PersonPicker';
import styles from './audit.module.css';
import { OUTCOMES, periodOf, type AuditSearch } from './audit-search';
import { auditTexts } from './texts';
import { ACTIONS, actionText, OBJECTS, objectText } from './words';

const DAY = 'YYYY-MM-DD';

interface AuditFiltersProps {
  search: AuditSearch;
  onShow: (part: AuditSearch) => void;
  onClear: () => void;
}

/** All filters of the list; each lives in the address bar. */
export function AuditFilters({ search, onShow, onClear }: AuditFiltersProps) {
  const t = auditTexts.useText();
  return (
    <div className={styles.filters} role="search" aria-label={t('filter.label')}>
      <TimeFilter search={search} onShow={onShow} />
      <PersonPicker
        className={styles.filter}
        aria-label={t('filter.person')}
        placeholder={t('filter.person')}
        value={search.person}
        onChange={(person) => onShow({ person: person ?? undefined })}
      />
      <Select<string>
        allowClear
        className={styles.filter}
        aria-label={t('filter.action')}
        placeholder={t('filter.action')}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: 'label' }}
        value={search.action ?? null}
        options={ACTIONS.map((value) => ({ value, label: actionText(value) }))}
        onChange={(action: string | undefined) => onShow({ action })}
      />
      <Select<string>
        allowClear
        className={styles.filter}
        aria-label={t('filter.object')}
        placeholder={t('filter.object')}
        popupMatchSelectWidth={false}
        value={search.object ?? null}
        options={OBJECTS.map((value) => ({ value, label: objectText(value) }))}
        onChange={(object: string | undefined) => onShow({ object })}
      />
      <Select<LedgerOutcome>
        allowClear
        className={styles.filter}
        aria-label={t('filter.outcome')}
        placeholder={t('filter.outcome')}
        value={search.outcome ?? null}
        options={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        onChange={(outcome: LedgerOutcome | undefined) => onShow({ outcome })}
      />
      <div className={styles.record}>
        <SearchBox value={search.record} placeholder={t('filter.record')} onChange={(record) => onShow({ record })} />
      </div>
      <Button type="text" onClick={onClear}>
        {t('filter.clear')}
      </Button>
    </div>
  );
}

function TimeFilter({ search, onShow }: Pick<AuditFiltersProps, 'search' | 'onShow'>) {
  const t = auditTexts.useText();
  const [now] = useState(() => new Date());
  const { from, to } = periodOf(search, now);
  const today = dayjs(now);
  return (
    <DatePicker.RangePicker
      className={styles.time}
      aria-label={t('filter.time')}
      allowEmpty={[true, true]}
      placeholder={from === null && to === null ? [t('filter.all'), t('filter.all')] : [t('filter.from'), t('filter.to')]}
      // The end is kept as the first moment after the last day.
      value={[from && dayjs(from), to && dayjs(to).subtract(1, 'day')]}
      presets={[
        { label: t('filter.today'), value: [today, today] },
        { label: t('filter.week'), value: [today.subtract(6, 'day'), today] },
        { label: t('filter.month'), value: [today.subtract(29, 'day'), today] },
      ]}
      onChange={(days) =>
        onShow({
          from: days?.[0]?.format(DAY),
          to: days?.[1]?.format(DAY),
          range: days?.[0] || days?.[1] ? undefined : 'all',
        })
      }
    />
  );
}
