import { errorName } from './errors.ts';
import { UNKNOWN_TYPE } from './event.ts';
import type { Event } from './event.ts';
import { keyOfConflict } from './event-key.ts';
import { areOfTwoEvents, bodyIdentity, NO_FINGERPRINT } from './fingerprint.ts';
import { sha256 } from './hash.ts';
import type { QuarantineReason } from './envelope.ts';
import { placeOf } from './line.ts';
import type { Ordering } from './line.ts';
import type { ClaimOutcome, EventQueue, Ledger } from './ports.ts';
import type { Observer } from './observer.ts';

export interface AcceptPorts {
  readonly ledger: Ledger;
  readonly queue: EventQueue;
  readonly quarantine: EventQueue;
  readonly observer: Observer;
  /** How the source's events are ordered; absent if they are not. */
  readonly order?: Ordering | undefined;
}

type KnownEvent = Extract<ClaimOutcome, { readonly known: true }>;
type Quarantined = Event & { readonly quarantine: QuarantineReason };

/** The outcome for an authentic event. Each outcome means that the event is safe. */
export type Acceptance = 'accepted' | 'duplicate' | 'conflict' | 'quarantined';

/**
 * Accepts an event once: claim, enqueue, mark. Throws if the claim or the send failed: the item stays PENDING, so the
 * provider's retry heals it, and so it is if an ordered event could not take its place. A failed mark is not a failure, because the event is safe in its queue: the next delivery of it
 * is enqueued again, and the processor drops the copy.
 */
export async function accept(received: Event, ports: AcceptPorts): Promise<Acceptance> {
  const event = received.unsignedId ? await bound(received, ports.ledger) : await underProof(received, ports.ledger);
  const claim = await ports.ledger.claim(event);
  const difference = claim.known && differenceOf(event, claim, received.unsignedId);
  if (difference) {
    const first = await accept(asConflict(event, difference), ports);
    // The same conflict again is nothing new: counted, it would keep its alarm on for whoever has captured it.
    if (first === 'duplicate') return first;
    ports.observer.conflict();
    return 'conflict';
  }
  if (claim.known && claim.status !== 'PENDING') {
    ports.observer.duplicate();
    return 'duplicate';
  }
  // Age is the one reason that time changes: an event that the ledger knows as PENDING was not a replay when it first came.
  const reason = claim.known ? claim.quarantine : event.quarantine;
  if (reason) return quarantine({ ...event, quarantine: reason }, ports);
  await enqueue(withoutQuarantine(event), ports);
  ports.observer.enqueued();
  ports.observer.accepted();
  return 'accepted';
}

/**
 * Deliveries of an event from which on other types of it are one conflict: a captured delivery can be sent under any number of
 * types.
 */
const MANY_DELIVERIES = 100;

/**
 * The hash of the difference between this event and the known one of its key: another body, or an unsigned type that is not the
 * known one. The body came then under two types: they may be two events of the provider, or a stranger may have changed the
 * header. Undefined if it is the same event.
 */
function differenceOf(event: Event, known: KnownEvent, isTypeUnsigned = false): string | undefined {
  // The same event in another batch has other bytes, and is the same conflict.
  if (isOtherBody(event, known)) return bodyIdentity(event);
  const isOtherType = [event.type, known.type].every((type) => type !== UNKNOWN_TYPE) && event.type !== known.type;
  if (!isTypeUnsigned || !isOtherType) return undefined;
  return sha256(`${bodyIdentity(event)} ${known.deliveries < MANY_DELIVERIES ? event.type : ''}`);
}

/**
 * Whether it is another event's body. If the event has a fingerprint, the fingerprints decide, however the two came. Else the body
 * does. It is then not a conflict if the provider listed one of the two: a list serialises the event again, so that the same event
 * has other bytes there.
 */
const isOtherBody = (event: Event, known: KnownEvent): boolean =>
  event.fingerprint !== undefined
    ? areOfTwoEvents(event.fingerprint, known.fingerprint ?? NO_FINGERPRINT)
    : known.bodyHash !== event.bodyHash && known.via === 'webhook' && event.via === 'webhook';

export type EnqueuePorts = Pick<AcceptPorts, 'queue' | 'order'> & {
  readonly ledger: Pick<Ledger, 'markQueued'>;
  readonly observer: Pick<Observer, 'markFailed'>;
};

/** Puts a claimed event into its queue, and marks it. Throws if it is not safe there, or has no place in its line. */
export async function enqueue(event: Event, { ledger, queue, observer, order }: EnqueuePorts): Promise<void> {
  await queue.send(event);
  // A place without a message would hold up its line for nothing: it is taken when the message is safe, and before the answer.
  const place = placeOf(event, order);
  if (place) await order?.lines.join(place);
  await ledger.markQueued(event).catch((error: unknown) => observer.markFailed(errorName(error)));
}

async function quarantine(event: Quarantined, ports: AcceptPorts): Promise<Acceptance> {
  await ports.quarantine.send(event);
  ports.observer.quarantined(event.quarantine);
  await ports.ledger.markQuarantined(event).catch((error: unknown) => ports.observer.markFailed(errorName(error)));
  return 'quarantined';
}

/**
 * Another event under the same event key, as an event of its own. It has its own item, is quarantined once however often it is
 * delivered, and heals like any other event when a step fails.
 */
const asConflict = (event: Event, difference: string): Quarantined => ({
  ...event,
  ...keyOfConflict(event, difference),
  quarantine: 'conflict',
});

/**
 * The event under the key by which its body first came. An id that is not signed can be made up, or left out: the body is what the
 * provider has signed, so the same body under another id is the same event. A body without an id is bound to nothing. If it has
 * come with one before, it has that id, and waits for nobody.
 */
async function bound({ unsignedId, ...event }: Event, ledger: Ledger): Promise<Event> {
  const { keyKind, quarantine, ...rest } = event;
  const key = keyKind === 'body-hash' ? await ledger.boundKey(event) : await ledger.bindBody(event);
  if (!key) return event;
  // A copy without the id, between two tries of the event, would hold it up else.
  return { ...rest, ...key, ...(quarantine && quarantine !== 'no_event_id' && { quarantine }) };
}

/**
 * The event under the key of the first event that came under its proof. Whoever has captured a proof that says nothing of the body
 * can send any event with it: what is not the first is then another body under a known key.
 */
async function underProof({ proof, ...event }: Event, ledger: Ledger): Promise<Event> {
  if (proof === undefined) return event;
  const { keyKind, fingerprint, ...rest } = event;
  const key = await ledger.bindBody({ ...rest, ...(keyKind && { keyKind }), bodyHash: proof });
  return { ...rest, ...(fingerprint !== undefined && { fingerprint }), ...key };
}

function withoutQuarantine({ quarantine, ...event }: Event): Event {
  return event;
}
