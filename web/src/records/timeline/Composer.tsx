import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Input, InputNumber, Segmented } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useRef, useState, type KeyboardEvent } from 'react';
import { recordKeys, records as api } from '@/api/records';
import type { FieldValues } from '@/api/types';
import { RefPicker } from '@/ui/RefPicker';
import { useProblem } from '@/ui/useProblem';
import { refreshLists } from '../cache';
import { records } from '../texts';
import { ChannelIcon, CHANNELS, type Channel } from './channels';
import styles from './composer.module.css';

interface ComposerProps {
  customer: string;
}

interface Draft {
  contact: string | null;
  /** Unset means now. */
  when: Dayjs | null;
  minutes: number | null;
  direction: 'in' | 'out';
  subject: string;
  body: string;
}

const BLANK: Draft = { contact: null, when: null, minutes: null, direction: 'out', subject: '', body: '' };

/** Logs what was said: pick the channel, write, Ctrl+Enter. The other inputs appear once there is something to log. */
export function Composer({ customer }: ComposerProps) {
  const t = records.useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [channel, setChannel] = useState<Channel>('call');
  const [draft, setDraft] = useState<Draft>(BLANK);
  const [open, setOpen] = useState(false);
  const idempotencyKey = useRef(crypto.randomUUID());
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });

  const save = useMutation({
    mutationFn: () => api.create('communication', toFields(customer, channel, draft), idempotencyKey.current),
    onSuccess: async () => {
      idempotencyKey.current = crypto.randomUUID();
      setDraft(BLANK);
      setOpen(false);
      void message.success(t('composer.saved'));
      await Promise.all([
        refreshLists(client, 'communication'),
        client.invalidateQueries({ queryKey: recordKeys.one('customer', customer) }),
      ]);
    },
    onError: showProblem,
  });
  const ready = draft.body.trim() !== '' || draft.subject.trim() !== '';
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready && !save.isPending) save.mutate();
  };
  const titled = channel === 'email' || channel === 'meeting';
  const directed = channel === 'call' || channel === 'chat' || channel === 'email';
  return (
    <form
      className={styles.composer}
      aria-label={t('composer.label')}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) save.mutate();
      }}
    >
      <Segmented<Channel>
        size="small"
        aria-label={t('timeline.channel')}
        value={channel}
        onChange={setChannel}
        options={CHANNELS.map((value) => ({ value, label: t(`composer.${value}`), icon: <ChannelIcon channel={value} /> }))}
      />
      {titled && open ? (
        <Input
          aria-label={t('composer.subject')}
          placeholder={t('composer.subject')}
          value={draft.subject}
          maxLength={500}
          onChange={(event) => change({ subject: event.target.value })}
        />
      ) : null}
      <Input.TextArea
        rows={open ? 4 : 1}
        aria-label={t(`composer.body.${channel}`)}
        placeholder={t(`composer.body.${channel}`)}
        value={draft.body}
        onFocus={() => setOpen(true)}
        onKeyDown={keyDown}
        onChange={(event) => change({ body: event.target.value })}
      />
      {open ? (
        <div className={styles.line}>
          <RefPicker
            object="contact"
            size="small"
            className={styles.contact}
            aria-label={t('composer.contact')}
            placeholder={t('composer.contact')}
            filter={{ field: 'customer', op: 'eq', value: customer }}
            value={draft.contact}
            onChange={(contact) => change({ contact })}
          />
          <DatePicker
            size="small"
            showTime={{ format: 'HH:mm' }}
            format="MM-DD HH:mm"
            aria-label={t('composer.when')}
            placeholder={t('composer.when')}
            maxDate={dayjs()}
            value={draft.when}
            onChange={(when) => change({ when })}
          />
          {channel === 'call' ? (
            <InputNumber
              size="small"
              min={0}
              max={1440}
              className={styles.minutes}
              aria-label={t('composer.minutes')}
              placeholder={t('composer.minutes')}
              value={draft.minutes}
              onChange={(minutes) => change({ minutes })}
            />
          ) : null}
          {directed ? (
            <Segmented<'in' | 'out'>
              size="small"
              aria-label={t('composer.direction')}
              value={draft.direction}
              onChange={(direction) => change({ direction })}
              options={[{ value: 'out', label: t('composer.direction.out') }, { value: 'in', label: t('composer.direction.in') }]}
            />
          ) : null}
          <Button type="primary" size="small" htmlType="submit" className={styles.save} disabled={!ready} loading={save.isPending} title={t('composer.hint')}>
            {t('composer.save')}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

function toFields(customer: string, channel: Channel, draft: Draft): FieldValues {
  const internal = channel === 'note';
  const fields: FieldValues = {
    customer,
    channel,
    direction: internal ? 'internal' : channel === 'meeting' ? 'out' : draft.direction,
    occurred_at: (draft.when ?? dayjs()).toISOString(),
    status: 'matched',
  };
  if (draft.subject.trim() !== '') fields.subject = draft.subject.trim();
  if (draft.body.trim() !== '') fields.body = draft.body.trim();
  if (draft.contact !== null) fields.contact = draft.contact;
  if (channel === 'call' && draft.minutes !== null) fields.duration = draft.minutes * 60;
  return fields;
}
