import { OBJECT } from '../content.ts';
import type { VerifiedDelivery } from '../delivery.ts';
import { UNKNOWN_TYPE } from '../event.ts';
import type { Event, Evidence } from '../event.ts';
import { encodeKey, eventKeyOf, keyOfBody } from '../event-key.ts';
import type { Envelope, QuarantineReason } from '../envelope.ts';
import { fingerprintWithout } from '../fingerprint.ts';
import { sha256 } from '../hash.ts';
import type { MissedEvent } from '../missed-events.ts';
import { attemptFieldsOf, schemeOf } from '../provider.ts';
import { Received } from '../received.ts';
import { evidenceHeaders } from '../schemes/scheme.ts';
import type { Scheme } from '../schemes/scheme.ts';
import type { Source } from '../source.ts';

/** Characters of the longest event type: EventBridge's limit for a detail type. */
const MAX_TYPE_LENGTH = 128;

/**
 * Makes the events of a verified delivery. Verified means accepted: a body that cannot be read, or without id or type, or of the
 * wrong environment, becomes an event too, which waits in quarantine with its reason. A delivery may carry none.
 */
export function identifyAll(verified: VerifiedDelivery, source: Source): readonly Event[] {
  const { delivery, receivedAt } = verified;
  const received = new Received(delivery, { now: receivedAt, options: source.options });
  const scheme = schemeOf(source.provider, source.options);
  const proof = source.provider.batches ? undefined : scheme.usedOnce?.(delivery);
  const came = {
    receivedAt,
    via: 'webhook',
    contentType: contentTypeOf(received),
    coverage: scheme.coverage,
    evidence: evidenceOf(verified, scheme),
    ...(proof !== undefined && { proof: sha256(`proof ${proof}`) }),
  } as const;
  return readEvents(received, source).map((read) => {
    const envelope = withWritableKey(read);
    const reason =
      quarantineReason(envelope) ??
      (mayBeReplay(envelope, scheme, source, receivedAt) ? 'older_than_window' : undefined);
    const body = envelope.at ? delivery.body.subarray(...envelope.at) : delivery.body;
    return toEvent(envelope, { ...came, body }, source, reason);
  });
}

/** The event of a verified delivery that carries one. */
export function identify(verified: VerifiedDelivery, source: Source): Event {
  const [event] = identifyAll(verified, source);
  if (!event) throw new Error('the delivery carries no event');
  return event;
}

/**
 * Makes the event out of an entry of the provider's own list. Its age is not a reason for quarantine: a list that was asked for
 * replays nothing.
 */
export function identifyMissed(
  { body, envelope, contentType = 'application/json' }: MissedEvent,
  source: Source,
  receivedAt: Date,
): Event {
  const came = { body, receivedAt, via: 'poll', contentType, evidence: { headers: {} } } as const;
  return toEvent(envelope, came, source, quarantineReason(envelope));
}

/** How an event came, and with what. */
interface Arrival extends Pick<Event, 'body' | 'via' | 'contentType' | 'evidence' | 'coverage' | 'proof'> {
  readonly receivedAt: Date;
}

function toEvent(envelope: Envelope, came: Arrival, source: Source, quarantine: QuarantineReason | undefined): Event {
  const bodyHash = sha256(came.body);
  const { key, type, time, reconcileKey, unsignedId, pointer, fingerprint } = envelope;
  // A list writes the event again: what is left of its text there is other text.
  const isDelivered = came.via === 'webhook' && (key !== undefined || unsignedId === true);
  const attemptFields = isDelivered ? attemptFieldsOf(source.provider, source.options) : [];
  const print = fingerprint ?? fingerprintWithout(attemptFields, came.body);
  return {
    ...came,
    source: source.name,
    provider: source.provider.name,
    ...(key === undefined ? keyOfBody(bodyHash) : eventKeyOf(key)),
    type: type !== '' && type?.isWellFormed() && type.length <= MAX_TYPE_LENGTH ? type : UNKNOWN_TYPE,
    ...(time && { time: time.toISOString() }),
    receivedAt: came.receivedAt.toISOString(),
    bodyHash,
    ...(print !== undefined && { fingerprint: print }),
    ...(reconcileKey !== undefined && { reconcileKey: encodeKey(eventKeyOf(reconcileKey)) }),
    ...(quarantine && { quarantine }),
    ...(pointer !== undefined && { pointer }),
    // Whoever has the token can send any body: to bind one to its id would guard nothing, and take equal bodies for one event.
    ...(unsignedId && schemeOf(source.provider, source.options).coverage !== 'caller' && { unsignedId }),
  };
}

function readEvents(received: Received, { provider }: Source): readonly Envelope[] {
  const { content = [OBJECT] } = provider;
  if (content.some((kind) => kind.reads(received.body, () => received.value)))
    return [provider.readEvents(received)].flat();
  const isJson = content.every(({ name }) => name.startsWith('JSON'));
  return [{ quarantine: isJson ? 'not_json' : 'unreadable_body' }];
}

const contentTypeOf = ({ headers }: Received): string =>
  headers.get('content-type')?.[0]?.slice(0, 256) ?? 'application/octet-stream';

function evidenceOf({ delivery: { headers }, verdict }: VerifiedDelivery, scheme: Scheme): Evidence {
  const kept = evidenceHeaders(scheme).flatMap((name) => {
    const values = headers.get(name);
    return values ? [[name, values.join(', ')] as const] : [];
  });
  const { label, versionId } = verdict.secret;
  return { headers: Object.fromEntries(kept), secretLabel: label, secretVersionId: versionId };
}

/**
 * A key with half a surrogate pair in it has no UTF-8: two such keys would become one in the ledger. The event then waits in
 * quarantine, as one that names no id.
 */
function withWritableKey(envelope: Envelope): Envelope {
  const { key } = envelope;
  const text = typeof key === 'object' ? key.key : String(key ?? '');
  return text.isWellFormed() ? envelope : { ...envelope, key: undefined };
}

const quarantineReason = ({ quarantine, key }: Envelope): QuarantineReason | undefined =>
  quarantine ?? (key === undefined ? 'no_event_id' : undefined);

/**
 * Without a signed timestamp, an event older than the window may be a replay of an event that the ledger has forgotten. A token
 * covers no time: whoever has captured one can state any, and a server may rightly repeat what is old.
 */
function mayBeReplay({ time }: Envelope, scheme: Scheme, { windowSeconds }: Source, now: Date): boolean {
  const age = time ? now.getTime() - time.getTime() : 0;
  return scheme.replayWindowSeconds === undefined && scheme.coverage !== 'caller' && age > windowSeconds * 1000;
}
