import { useRef, type MouseEvent } from 'react';
import type { FieldMeta, FieldValue, ObjectMeta, RecordItem } from '@/api/types';
import { recordTitle } from '@/ui/record-title';
import { FieldView } from '../fields/FieldView';
import { InlineEditor } from '../fields/InlineEditor';
import { records } from '../texts';
import { alignsRight } from './columns';
import styles from './grid.module.css';
import { isEditable } from './is-editable';
import type { CellPosition } from './useGridKeys';

interface GridCellProps {
  object: ObjectMeta;
  field: FieldMeta;
  item: RecordItem;
  row: number;
  column: number;
  active: boolean;
  editing: boolean;
  onActivate: (position: CellPosition) => void;
  onEditing: (position: CellPosition | null) => void;
  onEdited: () => void;
  onOpen: (item: RecordItem) => void;
  onEdit: (record: RecordItem, field: FieldMeta, value: FieldValue, label?: string) => void;
}

/** A single click opens the record unless a second one, which edits, follows within this time. */
const DOUBLE_CLICK_MS = 220;

export function GridCell({ object, field, item, row, column, active, editing, onActivate, onEditing, onEdited, onOpen, onEdit }: GridCellProps) {
  const t = records.useText();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isTitle = field.name === object.title_field;
  const editable = isEditable(field, item);

  const click = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest('a, button, input') !== null || editing) return;
    clearTimeout(timer.current);
    if (event.detail > 1 || window.getSelection()?.isCollapsed === false) return;
    if (!editable) return onOpen(item);
    timer.current = setTimeout(() => onOpen(item), DOUBLE_CLICK_MS);
  };
  const doubleClick = () => {
    clearTimeout(timer.current);
    if (editable) onEditing({ row, column });
  };
  const finish = () => {
    onEditing(null);
    onEdited();
  };

  return (
    // The keys of a cell are handled once, by the grid.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="gridcell"
      className={isTitle ? styles.stickyCell : styles.cell}
      data-cell={`${row}-${column}`}
      data-right={alignsRight(field)}
      data-editable={editable}
      title={editable && active ? t('list.editHint') : undefined}
      tabIndex={active ? 0 : -1}
      onFocus={() => onActivate({ row, column })}
      onClick={click}
      onDoubleClick={doubleClick}
    >
      {editing ? (
        <InlineEditor
          field={field}
          item={item}
          onCancel={finish}
          onSave={(value, label) => {
            if (value !== (item[field.name] ?? null)) onEdit(item, field, value, label);
            finish();
          }}
        />
      ) : isTitle ? (
        <button type="button" tabIndex={-1} className={styles.title} onClick={() => onOpen(item)} onDoubleClick={(event) => event.stopPropagation()}>
          {recordTitle(object.name, item)}
        </button>
      ) : (
        <FieldView object={object.name} field={field} record={item} dense />
      )}
    </div>
  );
}
