import { createHash } from 'node:crypto';
import { parseJson } from '../../lambdas/core/json.ts';

/** When what is behind the failing handler is down; milliseconds since the epoch. */
export interface Downtime {
  readonly from: number;
  readonly until: number;
}

export const NEVER: Downtime = { from: 0, until: 0 };

/** Of the time of a load, when the downtime starts and how long it lasts; and how long it lasts at least: until the breaker is open. */
const [STARTS_AFTER, LASTS] = [0.2, 0.3];
const SHORTEST_MS = 40_000;

/** A downtime in the middle of a load of so many events a second. */
export function downtimeOf(events: number, perSecond: number, now: number): Downtime {
  const from = now + (events / perSecond) * 1000 * STARTS_AFTER;
  return { from, until: from + Math.max(SHORTEST_MS, (events / perSecond) * 1000 * LASTS) };
}

/** The statement of an event of the failing source about its own fate, in the field `data`. */
export interface Doomed {
  /** Its order key. */
  readonly account: string;
  readonly down: Downtime;
}

/** Order keys of the failing source, the poisoned one among them. */
const ACCOUNTS = 300;
const POISONED = 'account-0';
/** Of 256 events, how many can never succeed. */
const PERMANENT = 8;

/** The fields of an event of the failing source. */
export const doomedFields = (random: () => number, down: Downtime): Doomed => ({
  account: `account-${Math.floor(random() * ACCOUNTS)}`,
  down,
});

/** The outcome of a try of an event: decided by its own bytes alone, so that a handler and the account of a run agree on it. */
export type Doom = 'permanent' | 'poisoned' | 'sound';

export function doomOf(body: Buffer): Doom {
  const data = fieldsOf(body);
  if (!data) return 'sound';
  if (data.account === POISONED) return 'poisoned';
  return firstByteOf(body) < PERMANENT ? 'permanent' : 'sound';
}

/** Whether the receiver of the HTTP targets says of an event that it never takes it. */
export const isGone = (body: Buffer): boolean => firstByteOf(body) < PERMANENT;

const firstByteOf = (body: Buffer): number => createHash('sha256').update(body).digest()[0] ?? 0;

/** Whether what is behind the handler is down for an event. */
export function isDown(body: Buffer, now: number): boolean {
  const { from, until } = fieldsOf(body)?.down ?? NEVER;
  return now >= from && now < until;
}

/** The event's statement about its fate; undefined if it is of another source. */
function fieldsOf(body: Buffer): Doomed | undefined {
  const { data } = (parseJson(body) ?? {}) as { readonly data?: Partial<Doomed> | null };
  const { account, down } = data ?? {};
  return account === undefined || down === undefined ? undefined : { account, down };
}
