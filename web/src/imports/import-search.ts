import type { ImportObject, ImportRowKind } from '@/api/types';

/** Where in the wizard we are, as the address bar holds it. */
export interface ImportSearch {
  /** For a new import: what the file holds. */
  object?: ImportObject | undefined;
  step?: 'check' | undefined;
  /** Which rows the result shows. */
  rows?: ImportRowKind | undefined;
}

export const IMPORT_OBJECTS: readonly ImportObject[] = ['customer', 'contact', 'communication'];
export const ROW_KINDS: readonly ImportRowKind[] = ['failed', 'skipped', 'near', 'unmatched'];

export function parseImportSearch(search: Record<string, unknown>): ImportSearch {
  const parsed: ImportSearch = {
    object: IMPORT_OBJECTS.find((object) => object === search.object),
    step: search.step === 'check' ? 'check' : undefined,
    rows: ROW_KINDS.find((kind) => kind === search.rows),
  };
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
}
