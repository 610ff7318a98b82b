import { describe, expect, it } from 'vitest';
import { parseImportSearch } from './import-search';
import { reasonText, roughTime } from './words';

describe('the words of an import', () => {
  it('say why a row stays out, falling back to what the server says', () => {
    expect(reasonText('bad_phone', 'x')).not.toBe('x');
    expect(reasonText('from_the_future', 'not known yet')).toBe('not known yet');
  });

  it('round an estimate up', () => {
    expect(roughTime(61)).toContain('2');
    expect(roughTime(3700)).toContain('2');
  });
});

describe('the address of an import', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(parseImportSearch({ object: 'deal', step: 'check', rows: 'near', x: 1 })).toEqual({ step: 'check', rows: 'near' });
  });
});
