import { memo } from 'react';
import type { FieldMeta, FieldValue, ObjectMeta, RecordItem } from '@/api/types';
import { recordTitle } from '@/ui/record-title';
import { records } from '../texts';
import styles from './grid.module.css';
import { GridCell } from './GridCell';
import type { CellPosition } from './useGridKeys';

export interface GridRowProps {
  object: ObjectMeta;
  columns: FieldMeta[];
  item: RecordItem;
  index: number;
  top: number;
  height: number;
  template: string;
  selected: boolean;
  open: boolean;
  activeColumn: number | null;
  editingColumn: number | null;
  onActivate: (position: CellPosition) => void;
  onEditing: (position: CellPosition | null) => void;
  onEdited: () => void;
  onToggle: (id: string) => void;
  onOpen: (item: RecordItem) => void;
  onEdit: (record: RecordItem, field: FieldMeta, value: FieldValue, label?: string) => void;
}

function Row(props: GridRowProps) {
  const { object, columns, item, index, selected, open, activeColumn, editingColumn } = props;
  const t = records.useText();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={styles.row}
      data-open={open}
      data-selected={selected}
      style={{ gridTemplateColumns: props.template, height: props.height, transform: `translateY(${props.top}px)` }}
    >
      <div
        role="gridcell"
        className={styles.selectCell}
        data-cell={`${index}-0`}
        tabIndex={activeColumn === 0 ? 0 : -1}
        onFocus={() => props.onActivate({ row: index, column: 0 })}
      >
        <input
          type="checkbox"
          className={styles.check}
          tabIndex={-1}
          aria-label={t('list.select', { title: recordTitle(object.name, item) })}
          checked={selected}
          onChange={() => props.onToggle(item.id)}
        />
      </div>
      {columns.map((field, position) => (
        <GridCell
          key={field.name}
          object={object}
          field={field}
          item={item}
          row={index}
          column={position + 1}
          active={activeColumn === position + 1}
          editing={editingColumn === position + 1}
          onActivate={props.onActivate}
          onEditing={props.onEditing}
          onEdited={props.onEdited}
          onOpen={props.onOpen}
          onEdit={props.onEdit}
        />
      ))}
    </div>
  );
}

/** Rows redraw only when what they show changes; the grid's callbacks are stable. */
export const GridRow = memo(Row);
