import { useVirtualizer } from '@tanstack/react-virtual';
import { Checkbox, Spin } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FieldMeta, FieldValue, ObjectMeta, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { useStable } from '@/ui/useStable';
import { records } from '../texts';
import { columnWidth } from './columns';
import styles from './grid.module.css';
import { GridHeader } from './GridHeader';
import { GridRow } from './GridRow';
import { isEditable } from './is-editable';
import { useGridKeys, type CellPosition } from './useGridKeys';

const ROW_HEIGHT = 34;
/** Ask for the next page this many rows before the end, so that scrolling does not stop. */
const FETCH_AHEAD = 40;
const SELECT_WIDTH = 38;

export interface RecordGridProps {
  object: ObjectMeta;
  /** Changes when the list is another one: scrolling starts again at the top. */
  listKey: string;
  columns: FieldMeta[];
  items: RecordItem[];
  /** Rows the server counted, for screen readers; -1 when it stopped counting. */
  total: number;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  openId: string | undefined;
  onOpen: (item: RecordItem) => void;
  onEdit: (record: RecordItem, field: FieldMeta, value: FieldValue, label?: string) => void;
  hasMore: boolean;
  isFetchingMore: boolean;
  onMore: () => void;
}

/** The dense table of every list: only the rows on screen exist, so 100,000 rows scroll like 100. */
export function RecordGrid(props: RecordGridProps) {
  const { object, columns, items, selected, onSelect, hasMore, isFetchingMore, onMore } = props;
  const t = records.useText();
  const { label } = useFormats();
  const scroller = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<CellPosition | null>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    getItemKey: (index) => items[index]?.id ?? index,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const keys = useGridKeys({
    rows: items.length,
    columns: columns.length + 1,
    scroller,
    scrollTo: (row) => virtual.scrollToIndex(row),
    onEnter: (position) => {
      const item = items[position.row];
      const field = columns[position.column - 1];
      if (item === undefined) return;
      if (field !== undefined && isEditable(field, item)) setEditing(position);
      else props.onOpen(item);
    },
    onSpace: (position) => {
      const item = items[position.row];
      if (item !== undefined) onSelect(toggled(selected, item.id));
    },
  });

  const toggle = useStable((id: string) => onSelect(toggled(selected, id)));
  const open = useStable(props.onOpen);
  const edit = useStable(props.onEdit);
  const edited = useStable(() => keys.focusCell(keys.active));

  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isFetchingMore && lastShown >= items.length - FETCH_AHEAD) onMore();
  }, [hasMore, isFetchingMore, lastShown, items.length, onMore]);

  const { listKey } = props;
  useEffect(() => {
    // A block: newer browsers return a promise here, which React would take for the clean-up.
    void scroller.current?.scrollTo({ top: 0 });
  }, [listKey]);

  const widths = columns.map((field) => columnWidth(field, object.title_field));
  const template = useMemo(
    () => `${SELECT_WIDTH}px ${widths.map((width) => `minmax(${width}px, ${width}fr)`).join(' ')}`,
    // The widths follow from the columns; comparing their text spares a new template on every render.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [widths.join()],
  );
  const minWidth = SELECT_WIDTH + widths.reduce((sum, width) => sum + width, 0);
  const allSelected = items.length > 0 && items.every((item) => selected.has(item.id));

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label={label(object.label_plural)}
      aria-rowcount={props.total < 0 ? -1 : props.total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      onKeyDown={editing === null ? keys.onKeyDown : undefined}
    >
      <div role="rowgroup" className={styles.head} style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className={styles.headRow} style={{ gridTemplateColumns: template }}>
          <div role="columnheader" className={styles.selectHead}>
            <Checkbox
              aria-label={t('list.selectAll')}
              checked={allSelected}
              indeterminate={selected.size > 0 && !allSelected}
              onChange={() => onSelect(allSelected ? new Set() : new Set(items.map((item) => item.id)))}
            />
          </div>
          {columns.map((field) => (
            <GridHeader key={field.name} field={field} sticky={field.name === object.title_field} sort={props.sort} onSort={props.onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={styles.bodyRows} style={{ height: virtual.getTotalSize(), minWidth }}>
        {shown.map(({ index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <GridRow
              key={item.id}
              object={object}
              columns={columns}
              item={item}
              index={index}
              top={start}
              height={ROW_HEIGHT}
              template={template}
              selected={selected.has(item.id)}
              open={props.openId === item.id}
              activeColumn={keys.active.row === index ? keys.active.column : null}
              editingColumn={editing?.row === index ? editing.column : null}
              onActivate={keys.setActive}
              onEditing={setEditing}
              onEdited={edited}
              onToggle={toggle}
              onOpen={open}
              onEdit={edit}
            />
          );
        })}
      </div>
      {isFetchingMore ? <div className={styles.foot}><Spin size="small" /> {t('list.loadingMore')}</div> : null}
      {!hasMore && items.length > FETCH_AHEAD ? <div className={styles.foot}>{t('list.end')}</div> : null}
    </div>
  );
}

function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}
