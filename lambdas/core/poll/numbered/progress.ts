import { isObject } from '../../json.ts';
import type { Range } from './ranges.ts';

/** Numbers that are missing. */
export interface Missing extends Range {
  /** When they were found missing, ISO 8601. */
  readonly since: string;
  /** True once the server was asked and did not give them. */
  readonly isTold: boolean;
  /** When that was first so, ISO 8601: they are waited for from then on. Absent if it was as they were found missing. */
  readonly toldAt?: string | undefined;
}

/** Numbers that are no longer waited for. */
export interface WrittenOff extends Range {
  /** When they were written off, ISO 8601. */
  readonly at: string;
}

/** How far one Subscription is. The missing numbers are up to `seen`: every other number up to there is safe, or written off. */
export interface Progress {
  readonly seen: bigint;
  readonly missing: readonly Missing[];
  readonly writtenOff: readonly WrittenOff[];
  /** When it was last looked at, ISO 8601. */
  readonly at: string;
  /** When the Subscription was last turned on again, ISO 8601. */
  readonly reactivatedAt?: string | undefined;
  /** Since when its server has not turned it on, ISO 8601. */
  readonly requestedSince?: string | undefined;
}

/** Up to here every number is safe, or written off. */
export const contiguousOf = ({ seen, missing: [first] }: Progress): bigint => (first ? first.from - 1n : seen);

/** The newest number that is neither missing nor written off; undefined if there is none. */
export function newestSafe({ seen, missing, writtenOff }: Pick<Progress, 'seen' | 'missing' | 'writtenOff'>) {
  let number = seen;
  for (const { from, to } of [...missing, ...writtenOff].sort((a, b) => (a.to < b.to ? 1 : -1)))
    if (number >= from && number <= to) number = from - 1n;
  return number > 0n ? number : undefined;
}

/** The most missing ranges that are kept of a Subscription, and of all: with more of them no new number is looked at. */
const MAX_MISSING = 1000;
const MAX_MISSING_OF_ALL = 1500;
/** The written-off ranges that are kept, the newest of each Subscription: one item holds those of all. */
const MAX_WRITTEN_OFF = 300;

/** The most missing ranges that one Subscription of several may have. One item of the ledger holds those of all. */
export function mostFor(id: string, all: ReadonlyMap<string, Progress>, subscriptions: number): number {
  const of = (each: string): number => all.get(each)?.missing.length ?? 0;
  const others = [...all.keys()].reduce((sum, each) => sum + (each === id ? 0 : of(each)), 0);
  const share = Math.min(MAX_MISSING, Math.floor(MAX_MISSING_OF_ALL / Math.max(1, subscriptions)));
  return Math.min(share, MAX_MISSING_OF_ALL - others);
}

/** The part of a bound that one Subscription of several has. */
export const shareOf = (most: number, subscriptions: number): number => Math.floor(most / Math.max(1, subscriptions));

/** The progress of all Subscriptions as text. */
export const writeProgress = (all: ReadonlyMap<string, Progress>): string =>
  JSON.stringify(
    Object.fromEntries(
      [...all].map(([id, { seen, missing, writtenOff, at, reactivatedAt, requestedSince }]) => [
        id,
        {
          ...{ seen: String(seen), at, reactivatedAt, requestedSince },
          missing: missing.map(({ from, to, since, isTold, toldAt }) => [
            ...[String(from), String(to), since, isTold],
            ...(toldAt === undefined ? [] : [toldAt]),
          ]),
          writtenOff: writtenOff
            .slice(-shareOf(MAX_WRITTEN_OFF, all.size))
            .map(({ from, to, at: when }) => [String(from), String(to), when]),
        },
      ]),
    ),
  );

interface Written {
  readonly seen: string;
  readonly at: string;
  readonly reactivatedAt?: string;
  readonly requestedSince?: string;
  readonly missing: readonly (readonly [string, string, string, boolean, string?])[];
  readonly writtenOff: readonly (readonly [string, string, string])[];
}

/** The inverse of {@link writeProgress}. */
export function readProgress(text: string | undefined): Map<string, Progress> {
  const all: unknown = text === undefined ? {} : JSON.parse(text);
  return new Map(
    Object.entries(isObject(all) ? all : {}).map(([id, written]) => {
      const { seen, at, reactivatedAt, requestedSince, missing, writtenOff } = written as Written;
      const progress = {
        ...{ seen: BigInt(seen), at, reactivatedAt, requestedSince },
        missing: missing.map(([from, to, since, isTold, toldAt]) => ({
          ...rangeOf(from, to),
          ...{ since, isTold, toldAt },
        })),
        writtenOff: writtenOff.map(([from, to, when]) => ({ ...rangeOf(from, to), at: when })),
      };
      return [id, progress];
    }),
  );
}

const rangeOf = (from: string, to: string): Range => ({ from: BigInt(from), to: BigInt(to) });
