import { useSyncExternalStore } from 'react';

/**
 * The reader's place in the console: everything that a link should lead back to. It is behind `#`, which a browser sends to
 * nobody.
 */
export interface Address {
  /** The parts of the path: `['events', 'osigu', 'evt_1']`. */
  readonly path: readonly string[];
  /** Filters, the page of a list, and other choices. */
  readonly query: Readonly<Record<string, string>>;
}

export function parseAddress(hash: string): Address {
  const [, path = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The address as a link. Empty values are left out. */
export function linkTo(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const picked = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const search = new URLSearchParams(picked).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

/** Goes to an address. The browser's Back returns from it, unless `replace` is set. */
export function go(link: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (link === location.hash) return;
  if (replace) {
    history.replaceState(null, '', link);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = link;
}

const subscribe = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

export function useAddress(): Address {
  return parseAddress(useSyncExternalStore(subscribe, () => location.hash));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
