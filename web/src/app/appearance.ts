import { useSyncExternalStore } from 'react';

export type Appearance = 'system' | 'light' | 'dark';

const STORAGE_KEY = 'shouxin.appearance';
const listeners = new Set<() => void>();
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  systemDark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    systemDark.removeEventListener('change', listener);
  };
}

function stored(): Appearance {
  const value = localStorage.getItem(STORAGE_KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function isDark(): boolean {
  const appearance = stored();
  return appearance === 'dark' || (appearance === 'system' && systemDark.matches);
}

export function setAppearance(appearance: Appearance): void {
  localStorage.setItem(STORAGE_KEY, appearance);
  for (const listener of listeners) listener();
}

/** The person's wish for this browser; `system` until they say otherwise. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, stored);
}

export function useDarkMode(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}
