import { HistoryOutlined } from '@ant-design/icons';
import { Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { TimelineRequest } from '@/api/records';
import { PersonPicker } from '@/ui/PersonPicker';
import { records } from '../texts';
import { ChannelIcon, CHANNELS } from './channels';
import styles from './timeline.module.css';

interface TimelineFilterProps {
  value: TimelineRequest;
  onChange: (request: TimelineRequest) => void;
}

/** Channel, person, period. */
export function TimelineFilter({ value, onChange }: TimelineFilterProps) {
  const t = records.useText();
  const channels = value.channel?.split(',') ?? [];
  const onlyChanges = value.kinds === 'change';
  const toggle = (channel: string, on: boolean) => {
    const next = on ? [...channels, channel] : channels.filter((other) => other !== channel);
    onChange({ ...value, kinds: next.length === 0 ? undefined : 'communication', channel: next.length === 0 ? undefined : next.join(',') });
  };
  const period = [value.from === undefined ? null : dayjs(value.from), value.to === undefined ? null : dayjs(value.to)] as [dayjs.Dayjs | null, dayjs.Dayjs | null];
  return (
    <div className={styles.filter} role="group" aria-label={t('timeline.channel')}>
      <div className={styles.tags}>
        {CHANNELS.map((channel) => (
          <Button
            key={channel}
            size="small"
            type="text"
            className={styles.toggle}
            aria-pressed={channels.includes(channel)}
            aria-label={t(`composer.${channel}`)}
            title={t(`composer.${channel}`)}
            icon={<ChannelIcon channel={channel} />}
            onClick={() => toggle(channel, !channels.includes(channel))}
          />
        ))}
        <Button
          size="small"
          type="text"
          className={styles.toggle}
          aria-pressed={onlyChanges}
          aria-label={t('timeline.changes')}
          title={t('timeline.changes')}
          icon={<HistoryOutlined />}
          onClick={() => onChange({ ...value, channel: undefined, kinds: onlyChanges ? undefined : 'change' })}
        />
      </div>
      <PersonPicker
        size="small"
        className={styles.person}
        aria-label={t('timeline.person')}
        placeholder={t('timeline.person')}
        value={value.person}
        onChange={(person) => onChange({ ...value, person: person ?? undefined })}
      />
      <DatePicker.RangePicker
        size="small"
        className={styles.period}
        aria-label={t('timeline.period')}
        allowEmpty={[true, true]}
        placeholder={[t('timeline.from'), t('timeline.to')]}
        value={period}
        onChange={(range) =>
          onChange({ ...value, from: range?.[0]?.startOf('day').toISOString(), to: range?.[1]?.endOf('day').toISOString() })
        }
      />
    </div>
  );
}
