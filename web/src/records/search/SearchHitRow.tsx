import type { SearchHit, SnippetPart } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { findField, useObject } from '../useObject';
import styles from './search.module.css';

/** One hit: what it is, whose it is, and where the words were found. */
export function SearchHitRow({ hit }: { hit: SearchHit }) {
  const { label, date } = useFormats();
  const object = useObject(hit.object);
  const match = hit.matched[0];
  const field = object === undefined || match === undefined ? undefined : findField(object, match.field);
  const customer = hit.record._labels.customer;
  return (
    <>
      <span className={styles.kind}>{object === undefined ? hit.object : label(object.label)}</span>
      <span className={styles.hit}>
        <span className={styles.hitTitle}>
          <strong>{hit.label}</strong>
          {customer === undefined ? null : <span className={styles.quiet}>{customer}</span>}
        </span>
        {match === undefined ? null : (
          <span className={styles.snippet}>
            {field === undefined ? '' : `${label(field.label)} · `}
            <Snippet parts={match.snippet} />
          </span>
        )}
      </span>
      <span className={styles.quiet}>{hit.record._labels.owner ?? date(hit.record.updated_at)}</span>
    </>
  );
}

function Snippet({ parts }: { parts: SnippetPart[] | string }) {
  if (typeof parts === 'string') return parts;
  return parts.map((part, index) =>
    // Parts of one text: their order is their identity.
    // oxlint-disable-next-line react/no-array-index-key
    part.hit ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
  );
}
