import type { KeyObject } from 'node:crypto';
import type { Http } from '../core/http/http.ts';
import type { Clock } from '../core/ports.ts';
import type { KeyRequest, Keys } from '../core/key-request.ts';
import { UndecidedError } from '../core/receive/undecided.ts';

/** Milliseconds for which keys are used without asking again. */
const FRESH_MS = 60 * 60_000;
/** Milliseconds for which keys are used on if they cannot be fetched. */
const STALE_MS = 24 * FRESH_MS;
/** Milliseconds between two fetches of the same keys that unknown ids or failures cause. */
const AGAIN_MS = 30_000;
/** The most keys that are fetched one by one in {@link AGAIN_MS}: ids can be made up, and a flood must not become one of calls. */
const MAX_SINGLE_FETCHES = 10;
/** The most sets that are kept. */
const MAX_SETS = 50;

interface KeySet {
  keys: ReadonlyMap<string, KeyObject>;
  fetchedAt: number;
  triedAt: number;
  fetching?: Promise<void>;
}

/**
 * The keys that a provider publishes, kept in this container. They are fetched once for all deliveries that wait for them. An id
 * that is not among them has them fetched again, and not more often than twice a minute, whoever sends such ids.
 */
export function cachedKeys(http: Http, clock: Clock): Keys {
  const sets = new Map<string, KeySet>();
  const singles: number[] = [];

  const setOf = (name: string): KeySet => {
    const known = sets.get(name);
    if (known) return known;
    if (sets.size >= MAX_SETS) forgetOne(sets);
    const made: KeySet = { keys: new Map(), fetchedAt: -Infinity, triedAt: -Infinity };
    sets.set(name, made);
    return made;
  };

  /** Whether a key may be fetched alone now; counts it if so. */
  const mayFetchSingle = (): boolean => {
    while (singles[0] !== undefined && singles[0] <= clock() - AGAIN_MS) singles.shift();
    return singles.length < MAX_SINGLE_FETCHES && singles.push(clock()) > 0;
  };

  const fetchOnce = (set: KeySet, request: KeyRequest): Promise<void> => {
    set.fetching ??= (async () => {
      set.triedAt = clock();
      const keys = request.read(await http(request.call));
      if (!keys) throw new KeysUnavailable();
      set.keys = keys;
      set.fetchedAt = clock();
    })().finally(() => delete set.fetching);
    return set.fetching;
  };

  return {
    async get(request) {
      const set = setOf(request.isSingle ? `${request.set} ${request.id}` : request.set);
      const known = (): KeyObject | undefined => set.keys.get(request.id);
      const age = clock() - set.fetchedAt;
      if (known() && age < FRESH_MS) return known();
      const stale = age < STALE_MS ? known() : undefined;
      if (!set.fetching) {
        if (clock() - set.triedAt < AGAIN_MS) {
          if (stale) return stale;
          // The keys were read a moment ago, and this one is not among them.
          if (set.fetchedAt >= set.triedAt) return undefined;
          throw new KeysUnavailable();
        }
        if (request.isSingle && !mayFetchSingle()) {
          if (stale) return stale;
          throw new UndecidedError('keys_busy');
        }
      }
      try {
        await fetchOnce(set, request);
      } catch (error) {
        if (stale) return stale;
        throw error;
      }
      return known();
    },
  };
}

/** Forgets a set: one without keys if there is any, because ids can be made up; else the oldest. */
function forgetOne(sets: Map<string, KeySet>): void {
  const [oldest] = sets.keys();
  const empty = [...sets].find(([, { keys, fetching }]) => keys.size === 0 && !fetching)?.[0];
  const name = empty ?? oldest;
  if (name !== undefined) sets.delete(name);
}

/** The provider's keys cannot be had: nobody knows whether a delivery is authentic. */
class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}
