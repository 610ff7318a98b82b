import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { FieldMeta, ObjectMeta, RecordItem } from '@/api/types';
import { useFormats, type Formats } from '@/i18n/format';
import { recordTitle } from '@/ui/record-title';
import { OptionTag } from '../fields/OptionTag';
import { plainText } from '../fields/plain-text';
import styles from './grid.module.css';

const CARD_HEIGHT = 64;
const FETCH_AHEAD = 20;

interface RecordCardsProps {
  object: ObjectMeta;
  columns: FieldMeta[];
  items: RecordItem[];
  onOpen: (item: RecordItem) => void;
  hasMore: boolean;
  isFetchingMore: boolean;
  onMore: () => void;
}

/** The list on a phone: a card per record with what the first columns say. */
export function RecordCards({ object, columns, items, onOpen, hasMore, isFetchingMore, onMore }: RecordCardsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const format = useFormats();
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    overscan: 8,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isFetchingMore && lastShown >= items.length - FETCH_AHEAD) onMore();
  }, [hasMore, isFetchingMore, lastShown, items.length, onMore]);

  const tags = columns.filter((field) => field.type === 'select').slice(0, 2);
  const words = columns.filter((field) => field.type !== 'select' && field.name !== object.title_field).slice(0, 3);
  return (
    <div ref={scroller} className={styles.cards}>
      <ul style={{ height: virtual.getTotalSize(), margin: 0, padding: 0, listStyle: 'none' }} aria-label={format.label(object.label_plural)}>
        {shown.map(({ index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          const known = words.filter((field) => item[field.name] !== null && item[field.name] !== undefined);
          return (
            <li key={item.id}>
              <button type="button" className={styles.card} style={{ height: CARD_HEIGHT, transform: `translateY(${start}px)` }} onClick={() => onOpen(item)}>
                <span className={styles.cardTop}>
                  <strong>{recordTitle(object.name, item)}</strong>
                  {tags.map((field) => {
                    const value = item[field.name];
                    return typeof value === 'string' ? <OptionTag key={field.name} field={field} value={value} /> : null;
                  })}
                </span>
                <span className={styles.cardRow}>
                  {known.map((field) => cardText(field, item, format)).join(' · ')}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A moment alone says little: on a card it comes with its name, and as "in two days". */
function cardText(field: FieldMeta, item: RecordItem, format: Formats): string {
  const value = item[field.name];
  return field.type === 'datetime' && typeof value === 'string'
    ? `${format.label(field.label)} ${format.relative(value)}`
    : plainText(field, value, item._labels, format);
}
