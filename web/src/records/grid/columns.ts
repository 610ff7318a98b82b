import { useState } from 'react';
import type { FieldMeta, FieldType, ObjectMeta, ObjectName } from '@/api/types';
import { findField } from '../useObject';

/** What people look at first; everything else is one click away in the column chooser. */
const DEFAULT_COLUMNS: Record<ObjectName, string[]> = {
  customer: ['name', 'stage', 'level', 'phone', 'owner', 'next_contact_at', 'last_contact_at', 'industry', 'region', 'created_at'],
  contact: ['name', 'customer', 'title', 'role', 'phone', 'email', 'owner', 'updated_at'],
  deal: ['title', 'customer', 'stage', 'amount', 'probability', 'expected_close', 'owner', 'updated_at'],
  communication: ['subject', 'channel', 'customer', 'contact', 'direction', 'occurred_at', 'owner'],
  task: ['title', 'customer', 'due_at', 'priority', 'status', 'owner'],
};

/** Least width in pixels by type, measured on typical Chinese values. */
const WIDTH: Record<FieldType, number> = {
  text: 150, long_text: 220, phone: 138, email: 160, id_number: 170, address: 180, select: 96, ref: 180, person: 88, department: 120,
  datetime: 104, date: 104, int: 84, money: 110, bool: 84, url: 160, duration: 84,
};
const TITLE_WIDTH = 240;

export function columnWidth(field: FieldMeta, title: string): number {
  return field.name === title ? TITLE_WIDTH : WIDTH[field.type];
}

/** Numbers stand to the right, so that they can be compared. */
export function alignsRight(field: FieldMeta): boolean {
  return field.type === 'money' || field.type === 'int' || field.type === 'duration';
}

function storageKey(object: ObjectName): string {
  return `shouxin.columns.${object}`;
}

function storedColumns(object: ObjectName): string[] | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey(object)) ?? 'null');
    return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : null;
  } catch {
    return null;
  }
}

export interface Columns {
  shown: FieldMeta[];
  show: (names: string[]) => void;
  reset: () => void;
}

/** The columns of a list as this person likes them, kept in the browser. The title always comes first. */
export function useColumns(object: ObjectMeta): Columns {
  const [names, setNames] = useState(() => storedColumns(object.name) ?? DEFAULT_COLUMNS[object.name]);
  const ordered = [object.title_field, ...names.filter((name) => name !== object.title_field)];
  return {
    shown: ordered.map((name) => findField(object, name)).filter((field) => field !== undefined),
    show: (next) => {
      localStorage.setItem(storageKey(object.name), JSON.stringify(next));
      setNames(next);
    },
    reset: () => {
      localStorage.removeItem(storageKey(object.name));
      setNames(DEFAULT_COLUMNS[object.name]);
    },
  };
}
