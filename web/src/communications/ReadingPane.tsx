import { DeleteOutlined, MailOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { recordQuery } from '@/api/records';
import type { ObjectMeta, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { FieldView } from '@/records/fields/FieldView';
import { OptionTag } from '@/records/fields/OptionTag';
import { ChannelIcon } from '@/records/timeline/channels';
import { useDelete } from '@/records/useDelete';
import { findField, useObject } from '@/records/useObject';
import { DataState, StateFace } from '@/ui/DataState';
import { recordTitle } from '@/ui/record-title';
import { common } from '@/ui/texts';
import styles from './inbox.module.css';
import { MatchForm } from './MatchForm';
import { communications } from './texts';

interface ReadingPaneProps {
  id: string | null;
  onDeleted: () => void;
}

const FACTS = ['customer', 'contact', 'deal', 'from_address', 'to_address', 'owner'];

/** The right pane: one conversation in full. */
export function ReadingPane({ id, onDeleted }: ReadingPaneProps) {
  const t = communications.useText();
  const object = useObject('communication');
  const query = useQuery({ ...recordQuery('communication', id ?? ''), enabled: id !== null });
  if (id === null) return <StateFace icon={<MailOutlined />} title={t('reading.choose')} help={t('reading.choose.help')} />;
  return (
    <DataState query={query}>
      {query.data === undefined || object === undefined ? null : <Message object={object} record={query.data} onDeleted={onDeleted} />}
    </DataState>
  );
}

function Message({ object, record, onDeleted }: { object: ObjectMeta; record: RecordItem; onDeleted: () => void }) {
  const t = communications.useText();
  const tc = common.useText();
  const { label, dateTime, relative, duration } = useFormats();
  const remove = useDelete('communication', onDeleted);
  const tags = ['channel', 'direction'].map((name) => findField(object, name)).filter((field) => field !== undefined);
  const facts = FACTS.map((name) => findField(object, name)).filter((field) => field !== undefined);
  const occurred = String(record.occurred_at);
  const body = typeof record.body === 'string' ? record.body : '';
  return (
    <article className={styles.message}>
      <div className={styles.messageHead}>
        <h2 className={styles.subject}>
          <ChannelIcon channel={record.channel} /> {recordTitle('communication', record)}
        </h2>
        {record._can.delete ? (
          <Button type="text" icon={<DeleteOutlined />} aria-label={tc('delete')} title={tc('delete')} onClick={() => remove.mutate(record)} />
        ) : null}
      </div>
      <div className={styles.messageMeta}>
        {tags.map((field) => (typeof record[field.name] === 'string' ? <OptionTag key={field.name} field={field} value={String(record[field.name])} /> : null))}
        <span className={styles.quiet}>{dateTime(occurred)} · {relative(occurred)}</span>
        {typeof record.duration === 'number' ? <span className={styles.quiet}>{t('reading.duration', { duration: duration(record.duration) })}</span> : null}
      </div>
      {record.status === 'unmatched' ? <MatchForm record={record} /> : null}
      <dl className={styles.messageFacts}>
        {facts.map((field) =>
          record[field.name] === null || record[field.name] === undefined ? null : (
            <div key={field.name} className={styles.messageFact}>
              <dt>{label(field.label)}</dt>
              <dd><FieldView object="communication" field={field} record={record} /></dd>
            </div>
          ),
        )}
      </dl>
      {body === '' ? <p className={styles.quiet}>{t('reading.noBody')}</p> : <p className={styles.body}>{body}</p>}
    </article>
  );
}
