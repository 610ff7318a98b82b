import { useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { meQuery } from '@/api/session';
import type { Me } from '@/api/types';
import { switchLanguage } from '@/i18n/catalogue';
import { rememberLanguage, type Language } from '@/i18n/language';

/** Switches the screen at once, and the account behind it when somebody is signed in. */
export function useLanguageSwitch(): (language: Language) => Promise<void> {
  const client = useQueryClient();
  return async (language) => {
    rememberLanguage(language);
    await switchLanguage(language);
    const me = client.getQueryData<Me>(meQuery.queryKey);
    if (me === undefined) return;
    client.setQueryData<Me>(meQuery.queryKey, { ...me, language });
    await api.patch<Me>('/me', { language });
  };
}
