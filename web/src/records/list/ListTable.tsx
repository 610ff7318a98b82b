import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import type { ObjectMeta } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { useColumns } from '../grid/columns';
import { RecordCards } from '../grid/RecordCards';
import { RecordGrid } from '../grid/RecordGrid';
import { records } from '../texts';
import { useFieldUpdate } from '../useFieldUpdate';
import { BulkBar } from './BulkBar';
import { ColumnChooser } from './ColumnChooser';
import styles from './list.module.css';
import type { ListState } from './useListState';
import type { useRecordPages } from './useRecordPages';

interface ListTableProps {
  object: ObjectMeta;
  state: ListState;
  pages: ReturnType<typeof useRecordPages>;
  onCreate: (() => void) | undefined;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The rows of a list: a grid at a desk, cards on a phone, and the faces for when there are none. */
export function ListTable({ object, state, pages, onCreate }: ListTableProps) {
  const t = records.useText();
  const { noun } = useFormats();
  const phone = usePhone();
  const columns = useColumns(object);
  const update = useFieldUpdate(object.name);
  // A selection belongs to the rows it was made among: rows out of sight must not be assigned by surprise.
  const requestKey = JSON.stringify(state.request);
  const [selection, setSelection] = useState({ requestKey, ids: NOTHING });
  const selected = selection.requestKey === requestKey ? selection.ids : NOTHING;
  const setSelected = (ids: ReadonlySet<string>) => setSelection({ requestKey, ids });
  const narrowed = state.search.filter !== undefined || state.search.q !== undefined || state.request.filter !== undefined;
  const objects = noun(object.label_plural);
  const empty = narrowed
    ? {
        title: t('list.noMatch', { objects }),
        help: t('list.noMatch.help'),
        action: <Button onClick={() => state.change({ filter: undefined, q: undefined, view: 'all' })}>{t('list.clear')}</Button>,
      }
    : {
        title: t('list.empty', { objects }),
        help: t(`list.empty.${object.name}`),
        action: onCreate === undefined ? undefined : <Button type="primary" onClick={onCreate}>{t('create', { object: noun(object.label) })}</Button>,
      };
  const { count } = pages;
  return (
    <div className={styles.body} data-stale={pages.query.isPlaceholderData}>
      <DataState query={pages.query} isEmpty={pages.items.length === 0} empty={empty} loading={<Skeleton active paragraph={{ rows: 14 }} title={false} />}>
        {phone ? (
          <RecordCards
            object={object}
            columns={columns.shown}
            items={pages.items}
            onOpen={(item) => state.open(item.id)}
            hasMore={pages.hasMore}
            isFetchingMore={pages.isFetchingMore}
            onMore={pages.more}
          />
        ) : (
          <>
            <div className={styles.columns}>
              <ColumnChooser object={object} columns={columns} />
            </div>
            <RecordGrid
              object={object}
              listKey={requestKey}
              columns={columns.shown}
              items={pages.items}
              total={count === undefined || count.capped ? -1 : count.value}
              sort={state.request.sort}
              onSort={(sort) => state.change({ sort })}
              selected={selected}
              onSelect={setSelected}
              openId={state.search.open}
              onOpen={(item) => state.open(item.id)}
              onEdit={(record, field, value, chosen) => update({ record, field, value, label: chosen })}
              hasMore={pages.hasMore}
              isFetchingMore={pages.isFetchingMore}
              onMore={pages.more}
            />
          </>
        )}
      </DataState>
      {selected.size > 0 ? <BulkBar object={object.name} selected={selected} onClear={() => setSelected(NOTHING)} /> : null}
    </div>
  );
}
