import { Button, Skeleton } from 'antd';
import { useMemo, useState, type DragEvent } from 'react';
import type { ListRequest } from '@/api/records';
import type { FieldMeta, RecordItem, SelectOption } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { both } from '@/records/filter/filter';
import { OptionTag } from '@/records/fields/OptionTag';
import { useRecordPages } from '@/records/list/useRecordPages';
import { ErrorFace } from '@/ui/DataState';
import styles from './board.module.css';
import { DealCard } from './DealCard';
import { deals } from './texts';

interface DealColumnProps {
  stage: FieldMeta;
  option: SelectOption;
  request: ListRequest;
  /** The sum of all its deals, when it is known. */
  total: number | undefined;
  openId: string | undefined;
  onOpen: (id: string) => void;
  dragged: RecordItem | null;
  /** Missing when stages may not be changed. */
  onDrag: ((deal: RecordItem | null) => void) | undefined;
  onMove: (deal: RecordItem, stage: string) => void;
}

/** One stage: how many, how much, and its cards. */
export function DealColumn({ stage, option, request, total, openId, onOpen, dragged, onDrag, onMove }: DealColumnProps) {
  const t = deals.useText();
  const { label, count, moneyShort } = useFormats();
  const [over, setOver] = useState(false);
  const inStage = useMemo<ListRequest>(
    () => ({ ...request, sort: request.sort ?? '-updated_at', filter: both(request.filter, { field: 'stage', op: 'eq', value: option.value }) }),
    [request, option.value],
  );
  const pages = useRecordPages('deal', inStage);
  // A card that was dropped elsewhere leaves at once, before the server has answered.
  const cards = pages.items.filter((deal) => deal.stage === option.value);
  const shown = cards.reduce((amount, deal) => amount + (typeof deal.amount === 'number' ? deal.amount : 0), 0);
  const sum = total ?? shown;

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (dragged !== null) onMove(dragged, option.value);
    onDrag?.(null);
  };
  return (
    <section
      className={styles.column}
      data-over={over && dragged !== null}
      aria-label={label(option.label)}
      onDragOver={(event) => {
        if (dragged === null) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h2 className={styles.head}>
        <OptionTag field={stage} value={option.value} />
        <span className={styles.quiet}>{pages.count === undefined ? '' : count(pages.count)}</span>
        <span className={styles.sum} title={t('board.sum', { amount: moneyShort(sum) })}>{moneyShort(sum)}{total === undefined && pages.hasMore ? '+' : ''}</span>
      </h2>
      <div className={styles.cards}>
        {pages.query.isPending ? <Skeleton active /> : null}
        {pages.query.error === null ? null : <ErrorFace error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
        {cards.map((deal) => (
          <DealCard key={deal.id} deal={deal} stage={stage} open={openId === deal.id} onOpen={() => onOpen(deal.id)} onDrag={onDrag} onMove={onMove} />
        ))}
        {cards.length === 0 && !pages.query.isPending ? <p className={styles.empty}>{t('board.empty')}</p> : null}
        {pages.hasMore ? <Button type="link" block loading={pages.isFetchingMore} onClick={pages.more}>{t('board.more')}</Button> : null}
      </div>
    </section>
  );
}
