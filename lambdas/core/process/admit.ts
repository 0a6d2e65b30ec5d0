import { errorName } from '../errors.ts';
import type { Ordering } from '../line.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { Observer } from '../observer.ts';
import { CLOSED, takeProbe } from './breaker.ts';
import type { BreakerState } from './breaker.ts';
import { bury } from './failures.ts';
import type { Retries } from './failures.ts';
import { flowOf, holdSeconds, slotMs, together } from './flow.ts';
import type { BreakerView, Flow, Pace } from './flow.ts';
import { isOutOfTime } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import type { QueueRecord } from './take.ts';

/** The breaker of a source, which all of its containers share. */
export interface Breaker {
  /** As it was some seconds ago at most. If it cannot be read, what was last known holds; rejects if that is nothing. */
  read(): Promise<BreakerView>;
  /**
   * Changes the state in one step, on what it is now; `change` returns undefined if there is nothing to change. Resolves to
   * whether it was changed; what another container changes at the same moment is looked at again.
   */
  change(change: (state: BreakerState) => BreakerState | undefined): Promise<boolean>;
  /** Takes the next free `slot` of the source's rate. Resolves to the milliseconds until it begins; undefined if those are more than `most`. */
  reserve(slot: number, most: number): Promise<number | undefined>;
}

export interface AdmitPorts {
  readonly breaker: Breaker;
  /** Asked about nothing but a message that becomes a dead letter. */
  readonly ledger: Pick<Ledger, 'forgetTries'>;
  readonly pace: Pace;
  readonly retries: Retries;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds for which an event is held: longer than a probe can last. */
  readonly leaseMs: number;
  /** Milliseconds for which this invocation may wait before it begins. */
  readonly patienceMs: number;
  /** Set if the source's events are ordered. */
  readonly order?: Ordering | undefined;
  readonly observer: Pick<Observer, 'held' | 'deadLetter' | 'retryFailed'>;
}

/** The messages of a batch that may be handled now, and those that may not. */
export interface Admission<Item extends QueueRecord> {
  readonly admitted: readonly Item[];
  /** The ids of the messages that come back later; no try is spent on them. */
  readonly held: readonly string[];
  /** Whether the one event that is admitted is the probe of an open breaker. */
  readonly isProbe: boolean;
  /** Seconds for which the probe is hidden if it fails. */
  readonly probeHold: number;
  readonly view: BreakerView;
}

/** The reason of a dead letter that waited for its processing until its queue was about to delete it. */
export const WAITED_TOO_LONG = 'waited_too_long';

/** The source may be paused, and nobody knows: nothing is handled. Without the ledger nothing could be. */
const UNKNOWN: Flow = { is: 'limited', perSecond: 0, isPace: false };

/** Decides what of a batch is handled now. The rest is hidden for a while, and no call of the ledger is made for it. */
export async function admit<Item extends QueueRecord>(
  records: readonly Item[],
  ports: AdmitPorts,
): Promise<Admission<Item>> {
  const { breaker, pace, clock, random, observer } = ports;
  const read = await breaker.read().catch(() => undefined);
  const view = read ?? { state: CLOSED };
  const found = read ? flowOf(read, pace, clock()) : UNKNOWN;
  const { count, flow } = await mayBegin(found, records.length, ports);
  const first = flow.is === 'open' ? indexOfProbe(records, random()) : 0;
  const admitted = records.slice(first, first + count);
  const held = [...records.slice(0, first), ...records.slice(first + count)];
  if (held.length > 0) observer.held(flow.is, held.length, 'since' in flow ? clock() - flow.since : 0);
  const probeHold = holdSeconds(flow, 1, clock(), random());
  return {
    ...{ admitted, view, isProbe: isStopped(flow) && count > 0, probeHold },
    held: await hold(held, flow, ports),
  };
}

/** Any event may be one that always fails: a probe is made with one of those that were handed out least. `random` is from 0 up to 1. */
function indexOfProbe(records: readonly QueueRecord[], random: number): number {
  const least = Math.min(...records.map(({ receives = 1 }) => receives));
  const fresh = records.flatMap(({ receives = 1 }, index) => (receives === least ? [index] : []));
  return fresh[Math.floor(random * fresh.length)] ?? 0;
}

/** Whether the source's events wait, whatever its pace is. */
const isStopped = ({ is }: Flow): boolean => is === 'paused' || is === 'open';

/** How many events may begin now, and the flow by which that is so. */
interface Beginning {
  readonly count: number;
  readonly flow: Flow;
}

async function mayBegin(flow: Flow, count: number, ports: AdmitPorts): Promise<Beginning> {
  const { breaker, clock, leaseMs } = ports;
  if (flow.is === 'free' || count === 0) return { count, flow };
  if (flow.is === 'paused' || flow === UNKNOWN) return { count: 0, flow };
  if (flow.is === 'limited') return inTime(flow, together(count, flow.perSecond), ports);
  if (clock() < flow.probeAt) return { count: 0, flow };
  const isTaken = await breaker.change((state) => takeProbe(state, clock(), leaseMs)).catch(() => false);
  return { count: isTaken ? 1 : 0, flow };
}

/** Waits for the next slot of the rate. Whoever has waited asks again whether the source may go on. */
async function inTime(flow: Flow & { is: 'limited' }, count: number, ports: AdmitPorts): Promise<Beginning> {
  const { breaker, pace, clock, patienceMs, sleep } = ports;
  // Without the ledger nothing is handled anyway.
  const wait = await breaker.reserve(slotMs(count, flow.perSecond), patienceMs).catch(() => undefined);
  if (wait === undefined) return { count: 0, flow };
  if (wait <= 0) return { count, flow };
  await sleep(Math.ceil(wait));
  const view = await breaker.read().catch(() => undefined);
  const now = view ? flowOf(view, pace, clock()) : UNKNOWN;
  return isStopped(now) || now === UNKNOWN ? { count: 0, flow: now } : { count, flow };
}

/** Hides messages, each for its own time, but those that their queue would delete meanwhile. Returns the ids of what comes back. */
async function hold(held: readonly QueueRecord[], flow: Flow, ports: AdmitPorts): Promise<string[]> {
  if (held.length === 0) return [];
  const { retry, clock, random, observer } = ports;
  const now = clock();
  const noted = (error: unknown): void => observer.retryFailed(errorName(error));
  const delays = new Map<string, number>();
  const left = await Promise.all(
    held.map(async (record) => {
      const { id, receives = 1, sentAt = now } = record;
      const seconds = holdSeconds(flow, receives, now, random());
      delays.set(id, seconds);
      if (!isOutOfTime(retry, (now - sentAt) / 1000, seconds)) return [id];
      try {
        await bury(record, WAITED_TOO_LONG, ports);
      } catch (error) {
        noted(error);
        return [id];
      }
      return [];
    }),
  );
  const ids = new Set(left.flat());
  const hidden = [...delays].filter(([id]) => ids.has(id)).map(([id, seconds]) => ({ id, seconds }));
  if (hidden.length > 0) await ports.retries.delay(hidden).catch(noted);
  return [...ids];
}
