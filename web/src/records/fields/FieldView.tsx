import { CheckOutlined, MinusOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import type { FieldMeta, ObjectName, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { MaskedValue } from '@/ui/MaskedValue';
import { common } from '@/ui/texts';
import { OptionTag } from './OptionTag';
import { RecordLink } from './RecordLink';
import styles from './fields.module.css';

interface FieldViewProps {
  object: ObjectName;
  field: FieldMeta;
  record: RecordItem;
  /** In table cells everything stays on one line. */
  dense?: boolean;
}

/** One field of one record, as the caller may see it. */
export function FieldView({ object, field, record, dense = false }: FieldViewProps): ReactNode {
  const t = common.useText();
  const format = useFormats();
  const value = record[field.name];
  if (value === null || value === undefined || value === '' || typeof value === 'object') {
    return dense ? null : <span className={styles.missing}>{t('notSet')}</span>;
  }
  if (record._masked.includes(field.name)) {
    return (
      <MaskedValue
        object={object}
        id={record.id}
        field={field.name}
        fieldLabel={format.label(field.label)}
        mask={String(value)}
        canReveal={record._can.reveal && field.reveal}
      />
    );
  }
  const text = String(value);
  switch (field.type) {
    case 'select':
      return <OptionTag field={field} value={text} />;
    case 'ref':
      return <RecordLink object={field.target} id={text} label={record._labels[field.name]} />;
    case 'person':
    case 'department':
      return <span>{record._labels[field.name] ?? t('someone')}</span>;
    case 'datetime':
      return dense ? (
        <span className={styles.number} title={format.dateTime(text)}>{format.relative(text)}</span>
      ) : (
        <Tooltip title={format.relative(text)}>
          <span className={styles.number}>{format.dateTime(text)}</span>
        </Tooltip>
      );
    case 'date':
      return <span className={styles.number}>{format.date(text)}</span>;
    case 'money':
      return <span className={styles.number}>{format.money(Number(value))}</span>;
    case 'int':
      return <span className={styles.number}>{format.number(Number(value))}</span>;
    case 'duration':
      return <span className={styles.number}>{format.duration(Number(value))}</span>;
    case 'bool':
      return value === true ? <CheckOutlined aria-label={t('yes')} /> : <MinusOutlined className={styles.missing} aria-label={t('no')} />;
    case 'url':
      return <a href={safeAddress(text)} target="_blank" rel="noreferrer noopener">{text}</a>;
    case 'long_text':
      return <span className={dense ? undefined : styles.longText}>{text}</span>;
    default:
      return <span>{text}</span>;
  }
}

/** Only web addresses may be followed: a record must not be able to run script. */
function safeAddress(text: string): string {
  return /^https?:\/\//i.test(text) ? text : `https://${text}`;
}
