import { describe, expect, it } from 'vitest';
import type { SetupResult } from '@/api/types';
import { codeFromHash, codeGroups, isLastGroup, kitAsText, type KitWords } from './kit';

const result: SetupResult = {
  recovery_kit: {
    workspace: '0192-w',
    company: '远山科技',
    recovery_code: 'ABCD-EFGH-JKMN',
    root_fingerprint: 'f0:0d',
    ledger_key: 'shouxin+1+AAA',
    created_at: '2026-11-23T05:00:00.000Z',
  },
  accounts: [
    { login: 'boss', role: 'system', name: '林岚' },
    { login: 'security', role: 'security', name: '安全管理员', initial_password: 'first-secret' },
  ],
};

const words: KitWords = {
  title: 'KIT',
  warning: 'Keep it safe',
  company: 'Company',
  workspace: 'Workspace',
  created: 'Made',
  code: 'Code',
  fingerprint: 'Root',
  ledgerKey: 'Ledger',
  accounts: 'Accounts',
  initialPassword: 'initial password',
  ownPassword: 'own password',
  role: (key) => key.toUpperCase(),
  time: (at) => at,
};

describe('recovery kit', () => {
  it('keeps the groups the server made and cuts a bare code into fours', () => {
    expect(codeGroups('ABCD-EFGH IJ')).toEqual(['ABCD', 'EFGH', 'IJ']);
    expect(codeGroups('ABCDEFGHIJ')).toEqual(['ABCD', 'EFGH', 'IJ']);
    expect(codeGroups('  ')).toEqual([]);
  });

  it('accepts the last group in any case, and nothing else', () => {
    expect(isLastGroup('ABCD-EFGH-JKMN', ' jkmn ')).toBe(true);
    expect(isLastGroup('ABCD-EFGH-JKMN', 'EFGH')).toBe(false);
    expect(isLastGroup('', '')).toBe(false);
  });

  it('names every value and every account in the text file', () => {
    const text = kitAsText(result, words);
    for (const part of ['远山科技', 'ABCD-EFGH-JKMN', 'f0:0d', 'shouxin+1+AAA', 'first-secret', 'SYSTEM', 'own password']) {
      expect(text).toContain(part);
    }
  });

  it('reads the set-up code from the start address', () => {
    expect(codeFromHash('#code=K7-PQ')).toBe('K7-PQ');
    expect(codeFromHash('#other=1')).toBe('');
    expect(codeFromHash('')).toBe('');
  });
});
