import { isObject } from '../../json.ts';
import type { Range } from './ranges.ts';

/** Numbers that are missing. */
export interface Missing extends Range {
  /** When they were found missing, ISO 8601. */
  readonly since: string;
  /** True once the server was asked and did not give them. */
  readonly isTold: boolean;
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

/** The ranges that are kept: with more of them no new number is looked at, and one item holds them all. */
export const MAX_MISSING = 1000;
const MAX_WRITTEN_OFF = 300;

/** The progress of all Subscriptions as text. */
export const writeProgress = (all: ReadonlyMap<string, Progress>): string =>
  JSON.stringify(
    Object.fromEntries(
      [...all].map(([id, { seen, missing, writtenOff, at, reactivatedAt, requestedSince }]) => [
        id,
        {
          ...{ seen: String(seen), at, reactivatedAt, requestedSince },
          missing: missing.map(({ from, to, since, isTold }) => [String(from), String(to), since, isTold]),
          writtenOff: writtenOff
            .slice(-MAX_WRITTEN_OFF)
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
  readonly missing: readonly (readonly [string, string, string, boolean])[];
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
        missing: missing.map(([from, to, since, isTold]) => ({ ...rangeOf(from, to), since, isTold })),
        writtenOff: writtenOff.map(([from, to, when]) => ({ ...rangeOf(from, to), at: when })),
      };
      return [id, progress];
    }),
  );
}

const rangeOf = (from: string, to: string): Range => ({ from: BigInt(from), to: BigInt(to) });
