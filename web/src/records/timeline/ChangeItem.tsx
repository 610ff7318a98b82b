import { EditOutlined } from '@ant-design/icons';
import type { ChangeEvent, FieldChange } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { common } from '@/ui/texts';
import { plainText } from '../fields/plain-text';
import { records } from '../texts';
import { findField, useObject } from '../useObject';
import styles from './timeline.module.css';

/** One change: who, what, from which value to which. Masked values stay masked. */
export function ChangeItem({ event, withDay = false }: { event: ChangeEvent; withDay?: boolean }) {
  const t = records.useText();
  const tc = common.useText();
  const format = useFormats();
  const object = useObject(event.object);
  const name = object === undefined ? event.object : format.noun(object.label);
  const person = event.person?.name ?? tc('someone');
  const words = (change: FieldChange, value: FieldChange['from']) => {
    const field = object === undefined ? undefined : findField(object, change.field);
    if (field === undefined || change.masked === true) return value === null ? tc('none') : String(value);
    return plainText(field, value, typeof value === 'string' ? { [field.name]: value } : {}, format);
  };
  return (
    <div className={styles.change}>
      <span className={styles.dot} aria-hidden="true"><EditOutlined /></span>
      <div className={styles.changeText}>
        <span>
          {t(`timeline.change.${event.action}`, { person, object: name })}
          <time className={styles.time} dateTime={event.at}>{withDay ? format.dateTime(event.at) : format.time(event.at)}</time>
        </span>
        {event.changes.map((change) => {
          const field = object === undefined ? undefined : findField(object, change.field);
          return (
            <span key={change.field} className={styles.diff}>
              {field === undefined ? change.field : format.label(field.label)}
              {change.from === null && change.to === null ? (
                <em>{t('timeline.encrypted')}</em>
              ) : (
                <>
                  <del>{words(change, change.from)}</del> → <ins>{words(change, change.to)}</ins>
                </>
              )}
            </span>
          );
        })}
      </div>
    </div>
  );
}
