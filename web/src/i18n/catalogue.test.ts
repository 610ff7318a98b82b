import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogues } from './catalogue';

// Loading the files registers their catalogues.
import.meta.glob('../**/*texts.ts', { eager: true });

const CHINESE = /\p{Script=Han}/u;
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).toSorted();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/texts\.ts$|\.test\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The code without comments, which may speak any language. */
function code(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

describe('every catalogue', () => {
  it('is loaded at all', () => {
    expect(catalogues.size).toBeGreaterThan(2);
  });

  for (const [name, texts] of catalogues) {
    it(`${name} says everything in both languages`, () => {
      for (const [key, [zh, en, many]] of Object.entries(texts)) {
        const at = `${name}/${key}`;
        expect(zh.trim(), at).not.toBe('');
        expect(en.trim(), at).not.toBe('');
        expect(placeholders(en), at).toEqual(placeholders(zh));
        if (many !== undefined) expect(placeholders(many), at).toEqual(placeholders(zh));
        if (key !== 'language.switch') expect(CHINESE.test(`${en}${many ?? ''}`), `${at} speaks Chinese in English`).toBe(false);
      }
    });
  }
});

describe('a source file', () => {
  it('has no Chinese text outside the catalogues', () => {
    const allowed = new Set(['format.ts', 'TopBar.tsx']);
    const guilty = sources(join(import.meta.dirname, '..'))
      .filter((path) => !allowed.has(path.split('/').at(-1) ?? ''))
      .filter((path) => CHINESE.test(code(path)));
    expect(guilty).toEqual([]);
  });
});
