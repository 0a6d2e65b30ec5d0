import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useSyncExternalStore } from 'react';

/** Light or dark: as the system is set, unless the reader has picked one here. */
export type Choice = 'system' | 'light' | 'dark';
export const CHOICES: readonly Choice[] = ['system', 'light', 'dark'];

const NAME = 'hookgate-console-mode';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export const currentChoice = (): Choice => CHOICES.find((each) => each === localStorage.getItem(NAME)) ?? 'system';

export function choose(choice: Choice): void {
  localStorage.setItem(NAME, choice);
  for (const listener of listeners) listener();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  system.addEventListener('change', changed);
  return () => {
    listeners.delete(changed);
    system.removeEventListener('change', changed);
  };
}

const isDark = (): boolean => (currentChoice() === 'system' ? system.matches : currentChoice() === 'dark');

/** Shows the page in light or dark, as chosen. */
export function useMode(): void {
  const dark = useSyncExternalStore(subscribe, isDark);
  useEffect(() => applyMode(dark ? Mode.Dark : Mode.Light), [dark]);
}

export const useChoice = (): Choice => useSyncExternalStore(subscribe, currentChoice);
