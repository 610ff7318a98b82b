import { useMemo } from 'react';
import { useFormats } from '@/i18n/format';
import type { KitWords } from './kit';
import { setupTexts } from './texts';

/** The words of the kit in the language of the screen. */
export function useKitWords(): KitWords {
  const t = setupTexts.useText();
  const formats = useFormats();
  return useMemo(
    () => ({
      title: t('kit.fileTitle'),
      warning: t('kit.lead'),
      company: t('kit.company'),
      workspace: t('kit.workspace'),
      created: t('kit.created'),
      code: t('kit.code'),
      fingerprint: t('kit.fingerprint'),
      ledgerKey: t('kit.ledgerKey'),
      accounts: t('kit.accounts'),
      initialPassword: t('kit.initialPassword'),
      ownPassword: t('kit.ownPassword'),
      role: (key) => (setupTexts.has(`role.${key}`) ? t(`role.${key}` as 'role.system') : key),
      time: formats.dateTime,
    }),
    [t, formats],
  );
}
