export type Language = 'zh' | 'en';

/** A label as the catalog of objects sends it. */
export interface Label {
  zh: string;
  en: string;
}

const STORAGE_KEY = 'shouxin.language';

/** The last language used in this browser; before sign-in there is no account to ask. Chinese first. */
export function storedLanguage(): Language {
  if (typeof localStorage === 'undefined') return 'zh';
  return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'zh';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
