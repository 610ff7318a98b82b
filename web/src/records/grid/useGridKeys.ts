import { useState, type KeyboardEvent, type RefObject } from 'react';

export interface CellPosition {
  row: number;
  column: number;
}

interface GridKeysOptions {
  rows: number;
  columns: number;
  scroller: RefObject<HTMLDivElement | null>;
  scrollTo: (row: number) => void;
  onEnter: (position: CellPosition) => void;
  onSpace: (position: CellPosition) => void;
}

const PAGE_ROWS = 15;

/** Arrow keys of the WAI-ARIA grid pattern: one cell is in the tab order, the arrows move it. */
export function useGridKeys({ rows, columns, scroller, scrollTo, onEnter, onSpace }: GridKeysOptions) {
  const [active, setActive] = useState<CellPosition>({ row: 0, column: 1 });

  const focusCell = (position: CellPosition) => {
    scrollTo(position.row);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-cell="${position.row}-${position.column}"]`)?.focus({ preventScroll: false });
    });
  };
  const move = (row: number, column: number) => {
    const next = { row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) };
    setActive(next);
    focusCell(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!(event.target as HTMLElement).matches('[role="gridcell"]')) return;
    const { row, column } = active;
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(row + 1, column),
      ArrowUp: () => move(row - 1, column),
      ArrowRight: () => move(row, column + 1),
      ArrowLeft: () => move(row, column - 1),
      PageDown: () => move(row + PAGE_ROWS, column),
      PageUp: () => move(row - PAGE_ROWS, column),
      Home: () => (event.ctrlKey ? move(0, column) : move(row, 0)),
      End: () => (event.ctrlKey ? move(rows - 1, column) : move(row, columns - 1)),
      Enter: () => onEnter(active),
      F2: () => onEnter(active),
      ' ': () => onSpace(active),
    };
    const action = moves[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return { active, setActive, focusCell, onKeyDown };
}
