import type { ImportColumn, ImportJob } from '@/api/types';

export type Mapping = ImportJob['mapping'];

/** The mapping to begin with: what was saved, else the server's suggestions, each field once. */
export function firstMapping(columns: ImportColumn[], saved: Mapping): Mapping {
  if (saved.length > 0) return saved;
  const taken = new Set<string>();
  return columns.flatMap(({ index, suggested }) => {
    if (!suggested || taken.has(suggested)) return [];
    taken.add(suggested);
    return [{ column: index, field: suggested }];
  });
}

/** Puts a field on a column (null: leave the column out). A field sits on one column: it leaves the former one. */
export function assign(mapping: Mapping, column: number, field: string | null): Mapping {
  const others = mapping.filter((entry) => entry.column !== column && entry.field !== field);
  if (field === null) return others;
  return [...others, { column, field }].toSorted((a, b) => a.column - b.column);
}

/** Required fields that no column feeds: while there is one, the import cannot go on. */
export function missingRequired<F extends { name: string; required: boolean }>(fields: F[], mapping: Mapping): F[] {
  const fed = new Set(mapping.map((entry) => entry.field));
  return fields.filter((field) => field.required && !fed.has(field.name));
}

/** The preview rows as they will be read: one cell per mapped column, in the order of the mapping. */
export function previewAsMapped(preview: string[][], mapping: Mapping): string[][] {
  return preview.map((cells) => mapping.map((entry) => cells[entry.column] ?? ''));
}
