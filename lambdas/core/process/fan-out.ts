import { enqueue } from '../accept.ts';
import type { Event } from '../event.ts';
import type { Ordering } from '../line.ts';
import type { EventQueue, Ledger } from '../ports.ts';
import type { Observer } from '../observer.ts';

/** A target of a source, as the source's processor knows it. */
export interface FanOutTarget {
  /** Its name in the ledger, of its queues and for operators: `osigu.billing`. */
  readonly name: string;
  /** The types that it gets, `*` standing for any text; absent if it gets all. */
  readonly types?: readonly string[];
  readonly queue: EventQueue;
}

export interface FanOutPorts {
  readonly ledger: Pick<Ledger, 'claim' | 'markQueued'>;
  readonly targets: readonly FanOutTarget[];
  readonly observer: Pick<Observer, 'markFailed'>;
  /** Set if the source's events are ordered: they are in the same order at each target. */
  readonly order?: Ordering | undefined;
}

/**
 * Hands an event over to every target that wants its type. Behind its queue a target is processed like a source of its own: with
 * its own item of the ledger, its own tries, breaker and dead letters. An event is handed over once to each, however often this
 * runs; rejects if one could not be told, after all others have been.
 */
export async function fanOut(event: Event, ports: FanOutPorts): Promise<void> {
  const wanting = ports.targets.filter(({ types }) => wants(types, event.type));
  const outcomes = await Promise.allSettled(wanting.map((target) => handOver(eventOf(event, target), target, ports)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Claim, send, mark: as a source's verifier does, so that a crash between two of these repeats the rest and loses nothing. */
async function handOver(event: Event, { queue }: FanOutTarget, ports: FanOutPorts): Promise<void> {
  // A reprocess order is carried out once, and the target's own item of the ledger knows which orders were.
  if (event.replay) return queue.send(event);
  // The source's own item lives on with each try of the source: the target must not forget what it has while these go on.
  const claim = await ports.ledger.claim(event, { prolongs: true });
  if (claim.known && claim.status !== 'PENDING') return undefined;
  await enqueue(event, { ...ports, queue });
}

/** The event as one of the target. Whether it is a copy or another body under its key has been decided before. */
function eventOf({ reconcileKey, unsignedId, ...event }: Event, { name }: FanOutTarget): Event {
  return { ...event, source: name };
}

/** Whether an event of this type is wanted. */
export const wants = (types: readonly string[] | undefined, type: string): boolean =>
  types === undefined || types.some((pattern) => matches(pattern, type));

/** The parts between the asterisks have to come one after the other; the first and the last at the ends. */
function matches(pattern: string, type: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === type;
  const last = rest.pop() ?? '';
  if (!type.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = type.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return type.length - last.length >= at && type.endsWith(last);
}
