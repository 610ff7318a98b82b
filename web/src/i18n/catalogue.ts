import { createInstance, type i18n } from 'i18next';
import { createContext, useContext } from 'react';
import { storedLanguage, type Language } from './language';

/** Chinese, English; a third text is the English plural (`{{count}} rows`). */
export type TextPair = readonly [zh: string, en: string] | readonly [zh: string, enOne: string, enMany: string];
export type Texts = Readonly<Record<string, TextPair>>;
export type TextParams = Readonly<Record<string, string | number>>;
export type Translate<Key extends string> = (key: Key, params?: TextParams) => string;

const instance: i18n = createInstance();
void instance.init({
  lng: storedLanguage(),
  fallbackLng: 'zh',
  resources: {},
  ns: [],
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});

/** Every catalogue that has been loaded, for the completeness test. */
export const catalogues = new Map<string, Texts>();

export interface Catalogue<Key extends string> {
  /** The texts in the language of the screen; re-renders when it changes. */
  useText: () => Translate<Key>;
  /** The same outside of components (toasts, validators). */
  text: Translate<Key>;
  /** Whether a key that came from the server has a text here. */
  has: (key: string) => key is Key;
}

/**
 * Declares the texts of one folder, Chinese and English side by side. They load with the folder's chunk.
 */
export function defineTexts<const T extends Texts>(namespace: string, texts: T): Catalogue<Extract<keyof T, string>> {
  type Key = Extract<keyof T, string>;
  catalogues.set(namespace, texts);
  const zh: Record<string, string> = {};
  const en: Record<string, string> = {};
  for (const [key, [chinese, english, many]] of Object.entries<TextPair>(texts)) {
    zh[key] = chinese;
    if (many === undefined) {
      en[key] = english;
    } else {
      en[`${key}_one`] = english;
      en[`${key}_other`] = many;
      zh[`${key}_other`] = chinese;
    }
  }
  instance.addResourceBundle('zh', namespace, zh, false, true);
  instance.addResourceBundle('en', namespace, en, false, true);
  const inLanguage = (language: Language): Translate<Key> => (key, params) => instance.t(key, { ns: namespace, lng: language, ...params });
  const translators: Record<Language, Translate<Key>> = { zh: inLanguage('zh'), en: inLanguage('en') };
  return {
    text: (key, params) => translators[currentLanguage()](key, params),
    has: (key): key is Key => Object.hasOwn(texts, key),
    useText: () => translators[useLanguage()],
  };
}

export function currentLanguage(): Language {
  return instance.language === 'en' ? 'en' : 'zh';
}

/**
 * The language of the screen, given once at the top by `LanguageProvider`. A context, because a list has thousands of
 * cells and each of them reads it: a subscription each would cost more than drawing them.
 */
export const LanguageContext = createContext<Language>('zh');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** Calls back when the language changes; returns how to stop that. */
export function onLanguageChange(listener: () => void): () => void {
  instance.on('languageChanged', listener);
  return () => instance.off('languageChanged', listener);
}

export function switchLanguage(language: Language): Promise<unknown> {
  return instance.changeLanguage(language);
}
