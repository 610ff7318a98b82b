import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { aggregateQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import type { ListState } from '@/records/list/useListState';
import { useFieldUpdate } from '@/records/useFieldUpdate';
import { findField, useObject } from '@/records/useObject';
import styles from './board.module.css';
import { DealColumn } from './DealColumn';
import { deals } from './texts';

/** Deals by stage. A card moves by drag, or from its own menu by keyboard and on a phone. */
export function DealBoard({ state }: { state: ListState }) {
  const t = deals.useText();
  const object = useObject('deal');
  const update = useFieldUpdate('deal');
  const [dragged, setDragged] = useState<RecordItem | null>(null);
  const stage = object === undefined ? undefined : findField(object, 'stage');
  const sum = object !== undefined && findField(object, 'amount') !== undefined ? 'amount' : undefined;
  // Words cannot be counted by the database: with a search the columns add up what they show.
  const countable = object !== undefined && (state.request.search ?? '') === '';
  const numbers = useQuery({ ...aggregateQuery('deal', { group: 'stage', sum, filter: state.request.filter }), enabled: countable });
  const sums = countable && numbers.data !== undefined && !numbers.data.capped ? numbers.data.groups : undefined;
  if (stage === undefined) return null;
  const movable = stage.access === 'write';
  const move = (deal: RecordItem, value: string) => {
    if (deal.stage !== value) update({ record: deal, field: stage, value });
  };
  return (
    <section className={styles.board} aria-label={t('board.label')}>
      {(stage.options ?? []).map((option) => (
        <DealColumn
          key={option.value}
          stage={stage}
          option={option}
          request={state.request}
          total={sums && (sums.find((group) => group.value === option.value)?.sum ?? 0)}
          openId={state.search.open}
          onOpen={state.open}
          dragged={dragged}
          onDrag={movable ? setDragged : undefined}
          onMove={move}
        />
      ))}
    </section>
  );
}
