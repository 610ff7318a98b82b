import { Button } from 'antd';
import type { ReactNode } from 'react';
import type { LedgerEntry } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { StatusTag } from '@/ui/StatusTag';
import styles from './audit.module.css';
import type { AuditSearch } from './audit-search';
import { auditTexts } from './texts';
import { actionText, actorText, fieldText, objectText } from './words';

interface EntryFactsProps {
  entry: LedgerEntry;
  onShow: (part: AuditSearch) => void;
}

/** The entry in words, only what it has. */
export function EntryFacts({ entry, onShow }: EntryFactsProps) {
  const t = auditTexts.useText();
  const { dateTime, number } = useFormats();
  const { person, records } = entry;
  const hidden = entry.record_count - records.length;
  const facts: [name: string, value: ReactNode][] = [
    [t('entry.when'), `${dateTime(entry.at)} (${entry.at})`],
    [
      t('entry.who'),
      <>
        {actorText(entry)}
        {person && (
          <Button type="link" size="small" onClick={() => onShow({ person: person.id })}>
            {t('entry.ofPerson')}
          </Button>
        )}
      </>,
    ],
    [t('entry.what'), actionText(entry.action)],
    [t('entry.outcome'), t(`outcome.${entry.outcome}`)],
    [t('entry.object'), entry.object && objectText(entry.object)],
    [
      t('entry.records'),
      entry.record_count > 0 && (
        <>
          {records.map((id) => (
            <div key={id}>
              <span className={styles.mono}>{id}</span>
              <Button type="link" size="small" onClick={() => onShow({ record: id })}>
                {t('entry.ofRecord')}
              </Button>
            </div>
          ))}
          {hidden > 0 && t('entry.recordsMore', { total: number(entry.record_count) })}
        </>
      ),
    ],
    [t('entry.fields'), entry.fields.map(fieldText).join(' · ')],
    [t('entry.class'), entry.class && <StatusTag tone={entry.class === 'restricted' ? 'warn' : 'plain'}>{t(`class.${entry.class}`)}</StatusTag>],
    [t('entry.reason'), entry.reason],
    [t('entry.rules'), entry.rules.join(' · ')],
    [t('entry.network'), entry.network?.ip],
    [t('entry.device'), entry.device],
    [t('entry.session'), entry.session && <span className={styles.mono}>{entry.session}</span>],
    [
      t('entry.details'),
      entry.details ? <pre className={styles.raw}>{JSON.stringify(entry.details, null, 2)}</pre> : <span className={styles.quiet}>{t(entry.sealed ? 'entry.sealed' : 'entry.detailsNone')}</span>,
    ],
  ];
  return (
    <dl className={styles.entry}>
      {facts
        .filter(([, value]) => Boolean(value))
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
