import type { Language } from '@/i18n/language';

function ownName(language: Language): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
}

/** Each language by its own name, the same on every screen. */
export const LANGUAGES: { value: Language; label: string }[] = [
  { value: 'zh', label: ownName('zh') },
  { value: 'en', label: ownName('en') },
];
