import { accept } from '../accept.ts';
import type { Acceptance, AcceptPorts } from '../accept.ts';
import type { Answer, Delivery, VerifiedDelivery } from '../delivery.ts';
import { errorName } from '../errors.ts';
import type { Event } from '../event.ts';
import type { Clock } from '../ports.ts';
import type { Observer } from '../observer.ts';
import type { Provider } from '../provider.ts';
import { Received } from '../received.ts';
import type { Source } from '../source.ts';
import type { SubscriptionNotes } from '../subscription-note.ts';
import type { RejectionReason } from '../verdict.ts';
import { authenticate } from './authenticate.ts';
import type { AuthenticatePorts } from './authenticate.ts';
import { answerChallenge, answerEcho, isHandshakeMethod } from './handshake.ts';
import { batchesOf } from './batch-message.ts';
import { identifyAll } from './identify.ts';
import { UndecidedError } from './undecided.ts';

export interface ReceivePorts extends AcceptPorts, AuthenticatePorts {
  readonly clock: Clock;
  /** Only for a provider whose deliveries say something of their Subscription. */
  readonly notes?: SubscriptionNotes;
}

/**
 * The way of a delivery: verify, then for each event claim, enqueue, mark; answer. Success means that all events are safe in a
 * queue, or were known before; after any other answer the provider tries again.
 */
export async function receive(delivery: Delivery, source: Source, ports: ReceivePorts): Promise<Answer> {
  const answer = await answerTo(delivery, source, ports);
  if (!source.provider.emptyAnswers) return answer;
  const { body, ...rest } = answer;
  return rest;
}

async function answerTo(delivery: Delivery, source: Source, ports: ReceivePorts): Promise<Answer> {
  const { observer, clock } = ports;
  const { provider } = source;
  const receivedAt = new Date(clock());
  const echo = answerEcho(delivery, source, receivedAt);
  if (echo) return echo;
  if (isHandshakeMethod(delivery)) {
    try {
      return (await answerChallenge(delivery, source, receivedAt, ports.secrets)) ?? methodNotAllowed(provider);
    } catch (error) {
      return undecided(error, observer);
    }
  }
  if (!provider.methods.some((method) => method === delivery.method)) return methodNotAllowed(provider);

  observer.received();
  try {
    const authenticated = await authenticate(delivery, source, receivedAt, ports);
    if (!authenticated.ok) {
      observer.rejected(authenticated.reason);
      return rejection(authenticated.reason, provider);
    }
    const { label, versionId, value } = authenticated.secret;
    observer.verified(label);
    const verdict = { ok: true, secret: { label, versionId } } as const;
    return await answerVerified({ delivery, verdict, receivedAt }, value, source, ports);
  } catch (error) {
    return undecided(error, observer);
  }
}

/** Takes in what has been verified, and answers as the provider wants it. */
async function answerVerified(
  verified: VerifiedDelivery,
  secret: string,
  source: Source,
  ports: ReceivePorts,
): Promise<Answer> {
  const { provider, options } = source;
  const { observer, clock } = ports;
  const received = new Received(verified.delivery, { now: verified.receivedAt, options });
  try {
    const handshake = provider.handshakes?.signed?.(received, secret);
    if (handshake) return handshake;
    const noted = takeNote(received, provider, ports);
    const status = await acceptAll(identifyAll(verified, source), verified.delivery.body, provider, ports);
    await noted;
    // A delivery that was captured and is sent again, as it is or changed, is not a sign of life. Neither is one without an event.
    if (SIGNS_OF_LIFE.includes(status)) observer.acknowledged(clock() - verified.receivedAt.getTime());
    return provider.acknowledge?.(received, secret) ?? { status: 200, body: { status } };
  } catch (error) {
    observer.unavailable('accept', errorName(error));
    return UNAVAILABLE;
  }
}

/** Keeps what a delivery says of its Subscription. Whether that works never changes the answer. */
async function takeNote(received: Received, provider: Provider, { notes, observer }: ReceivePorts): Promise<void> {
  const note = provider.noteOf?.(received);
  if (!note) return;
  observer.notified(note.type, note.isFailing);
  await notes?.heard(note, received.now).catch((error: unknown) => observer.markFailed(errorName(error)));
}

/**
 * Accepts the events of a delivery. One that is the whole delivery is claimed here; several go on as they came, in one step that
 * either happens or does not, and are claimed one by one behind the queue: a provider waits for seconds, and a thousand claims
 * take longer. So does one that is a part of the delivery: the signature is over the whole, which its evidence must keep.
 */
async function acceptAll(
  events: readonly Event[],
  body: Buffer,
  { batches = false }: Provider,
  ports: ReceivePorts,
): Promise<Acceptance | 'empty'> {
  const [first, ...more] = events;
  if (!first) return 'empty';
  // Only the processor of a provider with batches can tell events apart.
  if (!batches && more.length > 0) throw new Error('the provider has no batches, and read several events');
  if (!batches || (more.length === 0 && first.body.length === body.length)) return accept(first, ports);
  for (const batch of batchesOf(events, body)) await ports.queue.send(batch);
  return 'accepted';
}

const UNAVAILABLE: Answer = { status: 503, headers: { 'retry-after': '5' }, body: { error: 'unavailable' } };

/** The outcomes of which nobody can have one again by sending a delivery again. */
const SIGNS_OF_LIFE: readonly (Acceptance | 'empty')[] = ['accepted', 'quarantined'];

/** The answer if it is not known whether a delivery is authentic. It is an outage only if it is not a stranger's to bring about. */
function undecided(error: unknown, observer: Observer): Answer {
  if (!(error instanceof UndecidedError)) observer.unavailable('verify', errorName(error));
  else if (error.reason === 'no_secret') observer.secretMissing();
  else observer.rejected(error.reason);
  return UNAVAILABLE;
}

const methodNotAllowed = ({ methods }: Provider): Answer => ({
  status: 405,
  headers: { allow: methods.join(', ') },
  body: { error: 'method_not_allowed' },
});

/** The statuses that are the same for every provider, unless it says otherwise. */
const STATUSES: Readonly<Partial<Record<RejectionReason, number>>> = { body_too_large: 413, malformed_request: 400 };

const rejection = (reason: RejectionReason, { rejectionStatus, rejectionStatuses }: Provider): Answer => ({
  status: rejectionStatuses?.[reason] ?? STATUSES[reason] ?? rejectionStatus,
  body: { error: reason },
});
