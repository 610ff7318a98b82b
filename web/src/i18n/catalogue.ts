import { createInstance, type i18n } from 'i18next';
import { useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import { storedLanguage, type Language } from './language';

/** Chinese, English; a third text is the English plural (`{{count}} rows`). */
export type TextPair = readonly [zh: string, en: string] | readonly [zh: string, enOne: string, enMany: string];
export type Texts = Readonly<Record<string, TextPair>>;
export type TextParams = Readonly<Record<string, string | number>>;
export type Translate<Key extends string> = (key: Key, params?: TextParams) => string;

const instance: i18n = createInstance();
void instance.use(initReactI18next).init({
  lng: storedLanguage(),
  fallbackLng: 'zh',
  resources: {},
  ns: [],
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
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
  const text: Translate<Key> = (key, params) => instance.t(key, { ns: namespace, ...params });
  return {
    text,
    has: (key): key is Key => Object.hasOwn(texts, key),
    useText: () => {
      const { i18n: current } = useTranslation(namespace, { i18n: instance });
      const language = current.language;
      return useMemo<Translate<Key>>(
        () => (key, params) => instance.t(key, { ns: namespace, lng: language, ...params }),
        [language],
      );
    },
  };
}

export function currentLanguage(): Language {
  return instance.language === 'en' ? 'en' : 'zh';
}

export function useLanguage(): Language {
  const { i18n: current } = useTranslation(undefined, { i18n: instance });
  return current.language === 'en' ? 'en' : 'zh';
}

export function switchLanguage(language: Language): Promise<unknown> {
  return instance.changeLanguage(language);
}
