import { Radio, Select } from 'antd';
import type { ObjectMeta } from '@/api/types';
import { useFormats } from '@/i18n/format';
import type { FilterRow, RowOp } from '@/records/filter/filter';
import type { ListState } from '@/records/list/useListState';
import { QUICK_VIEWS } from '@/records/list/views';
import { records } from '@/records/texts';
import { ChannelIcon } from '@/records/timeline/channels';
import { findField } from '@/records/useObject';
import { PersonPicker } from '@/ui/PersonPicker';
import styles from './inbox.module.css';
import { readRow, writeRow } from './simple-filter';
import { communications } from './texts';

/** Periods people ask for; `occurred_at` within the last so many days, today included. */
const PERIODS: { value: string; op: RowOp; days: number | null }[] = [
  { value: 'today', op: 'today', days: null },
  { value: '7', op: 'past_days', days: 7 },
  { value: '30', op: 'past_days', days: 30 },
  { value: '90', op: 'past_days', days: 90 },
];

/** The left pane: views, channels, direction, person, period. */
export function InboxFilters({ object, state }: { object: ObjectMeta; state: ListState }) {
  const t = communications.useText();
  const tr = records.useText();
  const { label } = useFormats();
  const { filter } = state.search;
  const row = (field: string) => readRow(filter, object.fields, field);
  const set = (field: string, next: FilterRow | null) => state.change({ filter: writeRow(filter, object.fields, field, next), open: undefined });
  const one = (field: string) => {
    const value = row(field)?.value;
    return Array.isArray(value) ? (value[0] ?? '') : '';
  };
  const choose = (field: string, value: string | undefined) => set(field, value === undefined || value === '' ? null : { field, op: 'in', value: [value] });
  const channel = findField(object, 'channel');
  const direction = findField(object, 'direction');
  const owner = row('owner');
  const period = row('occurred_at');
  return (
    <aside className={styles.filters} aria-label={t('filters')}>
      <h2 className={styles.filterTitle}>{t('filters.view')}</h2>
      <Radio.Group
        vertical
        className={styles.radios}
        value={state.view.key}
        onChange={(event) => state.change({ view: String(event.target.value), open: undefined })}
        options={QUICK_VIEWS.communication.map((view) => ({ value: view.key, label: tr(view.text) }))}
      />
      <h2 className={styles.filterTitle}>{t('filters.channel')}</h2>
      <Radio.Group
        vertical
        className={styles.radios}
        value={one('channel')}
        onChange={(event) => choose('channel', String(event.target.value))}
        options={[
          { value: '', label: t('filters.channel.all') },
          ...(channel?.options ?? []).map((option) => ({ value: option.value, label: <><ChannelIcon channel={option.value} /> {label(option.label)}</> })),
        ]}
      />
      <h2 className={styles.filterTitle}>{t('filters.direction')}</h2>
      <Select
        allowClear
        className={styles.full}
        aria-label={t('filters.direction')}
        placeholder={tr('timeline.all')}
        value={one('direction') === '' ? null : one('direction')}
        options={(direction?.options ?? []).map((option) => ({ value: option.value, label: label(option.label) }))}
        onChange={(value: string | undefined) => choose('direction', value)}
      />
      <h2 className={styles.filterTitle}>{t('filters.owner')}</h2>
      <PersonPicker
        className={styles.full}
        aria-label={t('filters.owner')}
        placeholder={tr('timeline.all')}
        value={owner?.op === 'eq' && typeof owner.value === 'string' ? owner.value : null}
        onChange={(person) => set('owner', person === null ? null : { field: 'owner', op: 'eq', value: person })}
      />
      <h2 className={styles.filterTitle}>{t('filters.period')}</h2>
      <Select
        allowClear
        className={styles.full}
        aria-label={t('filters.period')}
        placeholder={tr('timeline.all')}
        value={PERIODS.find((item) => item.op === period?.op && item.days === period.value)?.value ?? null}
        options={PERIODS.map(({ value, op, days }) => ({ value, label: days === null ? tr('view.today') : `${tr(`op.${op}`)} ${days} ${tr('filter.days')}` }))}
        onChange={(value: string | undefined) => {
          const chosen = PERIODS.find((item) => item.value === value);
          set('occurred_at', chosen === undefined ? null : { field: 'occurred_at', op: chosen.op, value: chosen.days });
        }}
      />
    </aside>
  );
}
