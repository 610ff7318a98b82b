import type { SetupResult } from '@/api/types';

/** The code in the groups a person reads aloud; a code without separators is cut into fours. */
export function codeGroups(code: string): string[] {
  const groups = code.trim().split(/[\s-]+/).filter(Boolean);
  if (groups.length > 1) return groups;
  return groups[0]?.match(/.{1,4}/g) ?? [];
}

/** Whether what was typed is the last group of the code: proof that the kit was written down. Case does not matter. */
export function isLastGroup(code: string, typed: string): boolean {
  const last = codeGroups(code).at(-1);
  return last !== undefined && typed.trim().toUpperCase() === last.toUpperCase();
}

/** The texts that the kit prints around its values. */
export interface KitWords {
  title: string;
  warning: string;
  company: string;
  workspace: string;
  created: string;
  code: string;
  fingerprint: string;
  ledgerKey: string;
  accounts: string;
  initialPassword: string;
  ownPassword: string;
  role: (key: string) => string;
  time: (at: string) => string;
}

/** The kit as a text file: readable on paper, in a safe, in ten years. */
export function kitAsText({ recovery_kit: kit, accounts }: SetupResult, words: KitWords): string {
  const lines = [
    words.title,
    '='.repeat(48),
    words.warning,
    '',
    `${words.company}: ${kit.company}`,
    `${words.workspace}: ${kit.workspace}`,
    `${words.created}: ${words.time(kit.created_at)}`,
    '',
    words.code,
    `    ${codeGroups(kit.recovery_code).join('-')}`,
    '',
    words.fingerprint,
    `    ${kit.root_fingerprint}`,
    '',
    words.ledgerKey,
    `    ${kit.ledger_key}`,
    '',
    words.accounts,
    ...accounts.map(
      (account) =>
        `    ${words.role(account.role)}  ${account.login}  ` +
        (account.initial_password ? `${words.initialPassword}: ${account.initial_password}` : words.ownPassword),
    ),
    '',
  ];
  return lines.join('\r\n');
}

/** The set-up code in the start address, `…/setup#code=XXXX`; empty when the address has none. */
export function codeFromHash(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code')?.trim() ?? '';
}
