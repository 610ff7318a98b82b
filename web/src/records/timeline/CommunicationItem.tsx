import { Button } from 'antd';
import { useState } from 'react';
import type { CommunicationEvent } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { common } from '@/ui/texts';
import { OptionTag } from '../fields/OptionTag';
import { records } from '../texts';
import { findField, useObject } from '../useObject';
import { ChannelIcon, isChannel } from './channels';
import styles from './timeline.module.css';

/** Beyond this a message is folded. */
const FOLD_AT = 220;

/** Nobody sends a meeting or a note. */
const MUTUAL: ReadonlySet<unknown> = new Set(['meeting', 'note']);

/** One conversation in the timeline. */
export function CommunicationItem({ event }: { event: CommunicationEvent }) {
  const t = records.useText();
  const tc = common.useText();
  const format = useFormats();
  const object = useObject('communication');
  const { record } = event;
  const [open, setOpen] = useState(false);
  const body = typeof record.body === 'string' ? record.body : '';
  const long = body.length > FOLD_AT;
  const direction = object === undefined ? undefined : findField(object, 'direction');
  const contact = record._labels.contact;
  return (
    <article className={styles.communication}>
      <span className={styles.icon} data-channel={record.channel} aria-hidden="true"><ChannelIcon channel={record.channel} /></span>
      <div className={styles.card}>
        <header className={styles.cardHead}>
          <strong>{typeof record.subject === 'string' && record.subject !== '' ? record.subject : t(isChannel(record.channel) ? `composer.${record.channel}` : 'composer.note')}</strong>
          {direction !== undefined && typeof record.direction === 'string' && !MUTUAL.has(record.channel) ? <span className={styles.quiet}><OptionTag field={direction} value={record.direction} /></span> : null}
          <span className={styles.spacer} />
          <span className={styles.quiet}>
            {typeof record.duration === 'number' ? `${format.duration(record.duration)} · ` : ''}
            <time dateTime={event.at}>{format.time(event.at)}</time>
          </span>
        </header>
        {body === '' ? null : <p className={styles.text} data-folded={long && !open}>{body}</p>}
        {long ? <Button type="link" size="small" className={styles.fold} onClick={() => setOpen(!open)}>{open ? t('timeline.showLess') : t('timeline.showAll')}</Button> : null}
        <footer className={styles.quiet}>
          {event.person?.name ?? tc('someone')}
          {contact === undefined ? '' : ` · ${t('timeline.with', { person: contact })}`}
        </footer>
      </div>
    </article>
  );
}
