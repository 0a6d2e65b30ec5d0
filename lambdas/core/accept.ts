import { errorName } from './errors.ts';
import type { Event } from './event.ts';
import { keyOfConflict } from './event-key.ts';
import { areOfTwoEvents, bodyIdentity, NO_FINGERPRINT } from './fingerprint.ts';
import type { QuarantineReason } from './envelope.ts';
import { placeOf } from './line.ts';
import type { Ordering } from './line.ts';
import type { ClaimOutcome, EventQueue, Ledger, Observer } from './ports.ts';

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
  const event = received.unsignedId ? await bound(received, ports.ledger) : received;
  const claim = await ports.ledger.claim(event);
  if (claim.known && isConflict(event, claim)) {
    ports.observer.conflict();
    await accept(asConflict(event), ports);
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
 * Another event under the same event key. If the event has a fingerprint, the fingerprints decide, however the two came. Else the body does. It
 * is then not a conflict if the provider listed one of the two: a list serialises the event again, so that the same event has
 * other bytes there.
 */
const isConflict = (event: Event, known: KnownEvent): boolean =>
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
 * The same event key with another body, as an event of its own. It has its own item, is quarantined once however often it is
 * delivered, and heals like any other event when a step fails.
 */
const asConflict = (event: Event): Quarantined => ({
  ...event,
  // The same event in another batch has other bytes, and is the same conflict.
  ...keyOfConflict(event, bodyIdentity(event)),
  quarantine: 'conflict',
});

/**
 * The event under the key by which its body first came. An id that is not signed can be made up: the body is what the provider
 * has signed, so the same body under another id is the same event.
 */
async function bound({ unsignedId, ...event }: Event, ledger: Ledger): Promise<Event> {
  const { keyKind, ...rest } = event;
  return { ...rest, ...(await ledger.bindBody(event)) };
}

function withoutQuarantine({ quarantine, ...event }: Event): Event {
  return event;
}
