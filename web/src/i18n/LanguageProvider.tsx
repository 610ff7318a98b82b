import { useSyncExternalStore, type ReactNode } from 'react';
import { currentLanguage, LanguageContext, onLanguageChange } from './catalogue';

/** Tells everything below which language to speak. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const language = useSyncExternalStore(onLanguageChange, currentLanguage);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}
