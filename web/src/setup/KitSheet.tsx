import type { SetupAccount, SetupResult } from '@/api/types';
import { codeGroups } from './kit';
import { useKitWords } from './kit-words';
import styles from './KitSheet.module.css';
import { setupTexts } from './texts';

/** The sheet that is printed: everything in black on white, made to lie in a safe. */
export function KitSheet({ result: { recovery_kit: kit, accounts } }: { result: SetupResult }) {
  const t = setupTexts.useText();
  const words = useKitWords();
  const groups = codeGroups(kit.recovery_code);
  return (
    <section className={styles.sheet} aria-label={words.title}>
      <p className={styles.printTitle}>{words.title}</p>
      <h2 className={styles.heading}>{words.code}</h2>
      <p className={styles.code} aria-label={t('kit.codeLabel', { count: groups.length })}>
        {groups.map((group, index) => (
          <span key={`${index}-${group}`} className={styles.group}>
            {group}
          </span>
        ))}
      </p>
      <dl className={styles.facts}>
        <Fact name={words.company} value={kit.company} />
        <Fact name={words.created} value={words.time(kit.created_at)} />
        <Fact name={words.workspace} value={kit.workspace} mono />
        <Fact name={words.fingerprint} value={kit.root_fingerprint} mono />
        <Fact name={words.ledgerKey} value={kit.ledger_key} mono help={t('kit.ledgerKeyHelp')} />
      </dl>
      <h2 className={styles.heading}>{words.accounts}</h2>
      <p className={styles.help}>{t('kit.accountsHelp')}</p>
      <ul className={styles.accounts}>
        {accounts.map((account) => (
          <AccountRow key={account.login} account={account} />
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, value, mono = false, help }: { name: string; value: string; mono?: boolean; help?: string }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className={mono ? styles.mono : undefined}>
        {value}
        {help && <span className={styles.help}>{help}</span>}
      </dd>
    </div>
  );
}

function AccountRow({ account }: { account: SetupAccount }) {
  const words = useKitWords();
  return (
    <li className={styles.account}>
      <span>{words.role(account.role)}</span>
      <span className={styles.mono}>{account.login}</span>
      {account.initial_password ? (
        <span>
          {words.initialPassword} <strong className={styles.mono}>{account.initial_password}</strong>
        </span>
      ) : (
        <span className={styles.help}>{words.ownPassword}</span>
      )}
    </li>
  );
}
