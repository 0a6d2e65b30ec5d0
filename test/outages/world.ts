import { encodeMessage } from '../../lambdas/core/message.ts';
import { makeEvent } from '../lambdas/core/in-memory.ts';
import { seeded } from '../soak/random.ts';
import { VirtualQueue } from './queue.ts';
import type { Queued } from './queue.ts';

/** An outage behind the gateway, and the deliveries of its provider. Times in milliseconds of virtual time. */
export interface Outage {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  /** Share of the tries that fail meanwhile; 1 if nothing is reached at all. */
  readonly share?: number;
  /** Names of the errors under which it is met, each as often as any other; one name by default. */
  readonly names?: readonly string[];
  /** Events that fail whenever they are tried. */
  readonly isPoisoned?: (key: string) => boolean;
  /** Milliseconds between two events of the provider. */
  readonly everyMs: number;
  /** When the provider sends its last event. */
  readonly endsAt: number;
  /** Order keys of the provider's events, which come in turn; absent if the source is not ordered. */
  readonly orderKeys?: number;
  /** The source's tries for each event. By default as many as without a configuration. */
  readonly attempts?: number;
}

/** How a way of processing came through an outage. */
export interface Outcome {
  readonly events: number;
  readonly tries: number;
  /** Tries while the outage lasted, and the most of them in one minute after its first five. */
  readonly triesWhileDown: number;
  readonly mostAMinute: number;
  /** Tries of the events' own allowance that were used up while the outage lasted. */
  readonly spentWhileDown: number;
  readonly deadLetters: number;
  /** Those among them that are not poisoned: a person must move them. */
  readonly toMove: number;
  readonly lost: number;
  readonly twice: number;
  /** Milliseconds from the end of the outage until every event that came before it is processed. */
  readonly drainMs: number;
  /** Milliseconds from its arrival until a poisoned event is a dead letter, at most; none if there is none. */
  readonly longestPoisonedMs: number;
  /** Milliseconds from the arrival of an event after the outage until it is processed, at most. */
  readonly longestWaitMs: number;
  readonly invocations: number;
  readonly mostReceives: number;
}

/** The input of a way of processing: a batch, and the calls for its tries and its dead letters. */
export interface Lambda {
  readonly now: number;
  readonly batch: readonly Queued[];
  /** One try of an event: throws if it fails. */
  readonly handle: (key: string) => void;
  readonly deadLetter: (text: string) => void;
  /** Shows a hidden message at once: by its id, and by the number of the receive since which it is hidden. */
  readonly callBack: (id: string, receives: number) => void;
  readonly random: () => number;
}

export interface Done {
  /** Messages that come back, by id, and the seconds for which each is hidden. */
  readonly comeBack: ReadonlyMap<string, number>;
  /** Milliseconds that it took beside its handlers. */
  readonly waitedMs: number;
  /** Tries that it counted. */
  readonly spent: number;
}

/** One container of a way of processing. */
export type Container = (lambda: Lambda) => Promise<Done>;

const CONCURRENCY = 10;
const BATCH = 10;
const HANDLER_MS = 200;
const MINUTE = 60_000;

/** Has a provider send its events to a way of processing, in virtual time. The same seed is the same run. */
export async function live(outage: Outage, containers: () => Container, seed = 1): Promise<Outcome> {
  const random = seeded(seed);
  const queue = new VirtualQueue();
  const arrivedAt = new Map<string, number>();
  for (let at = 0, index = 0; at < outage.endsAt; at += outage.everyMs, index++) {
    const key = `evt_${index}`;
    arrivedAt.set(key, at);
    const body = Buffer.from(JSON.stringify({ orderKey: index % (outage.orderKeys ?? 1) }));
    queue.put({ id: key, text: encodeMessage(makeEvent({ key, body })), sentAt: at, receives: 0 }, at);
  }
  const events = arrivedAt.size;
  const effects = new Map<string, number>();
  const dead = new Map<string, number>();
  const aMinute = new Map<number, number>();
  const figures = {
    tries: 0,
    triesWhileDown: 0,
    spentWhileDown: 0,
    invocations: 0,
    mostReceives: 0,
    drainedAt: 0,
    longestWaitMs: 0,
  };
  const free = Array.from({ length: CONCURRENCY }, () => ({ at: 0, run: containers() }));
  while (queue.size > 0) {
    const slot = free.reduce((one, other) => (other.at < one.at ? other : one));
    const now = Math.max(slot.at, queue.nextAt);
    const isDown = now >= outage.from && now < outage.until;
    let handled = 0;
    const batch = queue.receive(BATCH, now);
    const handle = (key: string): void => {
      handled++;
      figures.tries++;
      if (isDown) {
        figures.triesWhileDown++;
        const minute = Math.floor(now / MINUTE);
        aMinute.set(minute, (aMinute.get(minute) ?? 0) + 1);
      }
      if (outage.isPoisoned?.(key)) throw new RangeError('poisoned');
      if (isDown && random() < (outage.share ?? 1)) {
        const { names } = outage;
        const name = names?.[Math.floor(random() * names.length)] ?? 'Unreachable';
        throw Object.assign(new Error('down'), { name });
      }
      effects.set(key, (effects.get(key) ?? 0) + 1);
      const arrived = arrivedAt.get(key) ?? 0;
      if (arrived >= outage.until) figures.longestWaitMs = Math.max(figures.longestWaitMs, now - arrived);
      else figures.drainedAt = Math.max(figures.drainedAt, now);
    };
    const deadLetter = (text: string): void => {
      const { key } = JSON.parse(text) as { key: string };
      dead.set(key, now);
    };
    const callBack = (id: string, receives: number): void => queue.callBack(id, receives, now);
    const { comeBack, waitedMs, spent } = await slot.run({ now, batch, handle, deadLetter, callBack, random });
    figures.invocations++;
    if (isDown) figures.spentWhileDown += spent;
    slot.at = now + waitedMs + (handled > 0 ? HANDLER_MS : 20);
    for (const message of batch) {
      figures.mostReceives = Math.max(figures.mostReceives, message.receives);
      const seconds = comeBack.get(message.id);
      if (seconds !== undefined) queue.put(message, slot.at + seconds * 1000);
    }
  }
  const settled = [...aMinute].filter(([minute]) => minute * MINUTE >= outage.from + 5 * MINUTE);
  const { drainedAt, ...rest } = figures;
  return {
    ...{ ...rest, events, deadLetters: dead.size },
    toMove: [...dead.keys()].filter((key) => outage.isPoisoned?.(key) !== true).length,
    ...{ drainMs: Math.max(0, drainedAt - outage.until) },
    mostAMinute: Math.max(0, ...settled.map(([, count]) => count)),
    lost: [...arrivedAt.keys()].filter((key) => !effects.has(key) && !dead.has(key)).length,
    twice: [...effects.values()].filter((count) => count > 1).length,
    longestPoisonedMs: Math.max(0, ...[...dead].map(([key, at]) => at - (arrivedAt.get(key) ?? at))),
  };
}
