import { useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import type { FieldMeta, FieldType, FieldValue, RecordItem } from '@/api/types';
import { FieldInput } from './FieldInput';
import { records } from '../texts';
import styles from './fields.module.css';

/** Inputs where a choice is the whole edit; leaving them without one changes nothing. */
const PICKED: ReadonlySet<FieldType> = new Set(['select', 'person', 'department', 'ref', 'date', 'datetime', 'bool']);
const POPUPS = '.ant-select-dropdown, .ant-picker-dropdown';

interface InlineEditorProps {
  field: FieldMeta;
  item: RecordItem;
  onSave: (value: FieldValue, label?: string) => void;
  onCancel: () => void;
}

/** Edits one field where it stands: Enter or leaving saves, Esc does not. A masked value can only be replaced. */
export function InlineEditor({ field, item, onSave, onCancel }: InlineEditorProps) {
  const t = records.useText();
  const masked = item._masked.includes(field.name);
  const start = masked ? null : item[field.name];
  const [value, setValue] = useState<FieldValue>(typeof start === 'object' || start === undefined ? null : start);
  const done = useRef(false);
  const finish = (action: () => void) => {
    if (done.current) return;
    done.current = true;
    action();
  };
  const save = (next: FieldValue) => {
    const clean = typeof next === 'string' ? next.trim() : next;
    if ((field.required || masked) && (clean === null || clean === '')) return finish(onCancel);
    finish(() => onSave(clean === '' ? null : clean));
  };
  const keyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') finish(onCancel);
    const multiline = field.type === 'long_text' && !event.ctrlKey && !event.metaKey;
    if (event.key === 'Enter' && !PICKED.has(field.type) && !multiline) save(value);
  };
  const blur = (event: FocusEvent<HTMLDivElement>) => {
    const to = event.relatedTarget;
    if (to instanceof HTMLElement && (event.currentTarget.contains(to) || to.closest(POPUPS) !== null)) return;
    if (PICKED.has(field.type)) finish(onCancel);
    else save(value);
  };
  return (
    <div role="presentation" className={styles.editor} onKeyDown={keyDown} onBlur={blur} onDoubleClick={(event) => event.stopPropagation()}>
      <FieldInput
        eager
        field={field}
        value={value}
        label={item._labels[field.name]}
        placeholder={masked ? t('field.replace') : ''}
        onChange={setValue}
        onPicked={save}
      />
    </div>
  );
}
