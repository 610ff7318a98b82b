import { leavingTexts } from './texts';

const KINDS = ['session', 'device', 'token'] as const;
const OBJECTS = ['customer', 'contact', 'deal', 'task', 'communication'] as const;

function known<Key extends string>(keys: readonly Key[], key: string): key is Key {
  return (keys as readonly string[]).includes(key);
}

/** Numbers of things in words: "3 sessions", "12 customers". */
export function useCounted() {
  const t = leavingTexts.useText();
  return {
    ended: (kind: string, count: number) =>
      known(KINDS, kind) ? t(`kind.${kind}`, { count }) : t('kind.other', { count, kind }),
    owned: (object: string, count: number) =>
      known(OBJECTS, object) ? t(`object.${object}`, { count }) : t('object.other', { count, object }),
  };
}
