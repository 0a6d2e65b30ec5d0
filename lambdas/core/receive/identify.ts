import type { Delivery, VerifiedDelivery } from '../delivery.ts';
import type { Event } from '../event.ts';
import { encodeKey, eventKeyOf, keyOfBody } from '../event-key.ts';
import type { Envelope, QuarantineReason } from '../envelope.ts';
import { sha256 } from '../hash.ts';
import { parseObject } from '../json.ts';
import type { MissedEvent } from '../missed-events.ts';
import { schemeOf } from '../provider.ts';
import { evidenceHeaders } from '../schemes/scheme.ts';
import type { Scheme } from '../schemes/scheme.ts';
import type { Source } from '../source.ts';

/** Characters of the longest event type: EventBridge's limit for a detail type. */
const MAX_TYPE_LENGTH = 128;

/**
 * Makes the event of a delivery that has been verified. Verified means accepted: a body without JSON, id or type, or of the
 * wrong environment, becomes an event too. That event waits in quarantine with its reason.
 */
export function identify({ delivery, verdict, receivedAt }: VerifiedDelivery, source: Source): Event {
  const { body, headers } = delivery;
  const scheme = schemeOf(source.provider, source.options);
  const envelope = readEnvelope(delivery, source, receivedAt);
  const evidence = {
    headers: Object.fromEntries(
      evidenceHeaders(scheme).flatMap((name) =>
        headers.has(name) ? [[name, (headers.get(name) ?? []).join(', ')] as const] : [],
      ),
    ),
    secretLabel: verdict.secret.label,
    secretVersionId: verdict.secret.versionId,
  };
  const contentType = headers.get('content-type')?.[0]?.slice(0, 256) ?? 'application/octet-stream';
  const reason =
    quarantineReason(envelope) ?? (mayBeReplay(envelope, scheme, source, receivedAt) ? 'older_than_window' : undefined);
  return toEvent(envelope, { body, receivedAt, via: 'webhook', contentType, evidence }, source, reason);
}

/**
 * Makes the event of an entry of the provider's own list. Its age is not a reason for quarantine, because a list that was
 * asked for replays nothing.
 */
export function identifyMissed({ body, envelope }: MissedEvent, source: Source, receivedAt: Date): Event {
  const came = { body, receivedAt, via: 'poll', contentType: 'application/json', evidence: { headers: {} } } as const;
  return toEvent(envelope, came, source, quarantineReason(envelope));
}

/** How an event came, and with what. */
interface Arrival extends Pick<Event, 'body' | 'via' | 'contentType' | 'evidence'> {
  readonly receivedAt: Date;
}

function toEvent(envelope: Envelope, came: Arrival, source: Source, quarantine: QuarantineReason | undefined): Event {
  const bodyHash = sha256(came.body);
  const { key, type, time, reconcileKey } = envelope;
  return {
    ...came,
    source: source.name,
    provider: source.provider.name,
    ...(key === undefined ? keyOfBody(bodyHash) : eventKeyOf(key)),
    type: type !== undefined && type.length <= MAX_TYPE_LENGTH ? type : 'unknown',
    ...(time && { time: time.toISOString() }),
    receivedAt: came.receivedAt.toISOString(),
    bodyHash,
    ...(reconcileKey !== undefined && { reconcileKey: encodeKey(eventKeyOf(reconcileKey)) }),
    ...(quarantine && { quarantine }),
  };
}

function readEnvelope({ body, headers }: Delivery, { provider, options }: Source, now: Date): Envelope {
  const json = parseObject(body);
  return json ? provider.readEvents({ body, json, headers, now, options }) : { quarantine: 'not_json' };
}

const quarantineReason = ({ quarantine, key }: Envelope): QuarantineReason | undefined =>
  quarantine ?? (key === undefined ? 'no_event_id' : undefined);

/** Without a signed timestamp, an event older than the window may be a replay of an event that the ledger has forgotten. */
function mayBeReplay({ time }: Envelope, scheme: Scheme, { windowSeconds }: Source, now: Date): boolean {
  const age = time ? now.getTime() - time.getTime() : 0;
  return scheme.replayWindowSeconds === undefined && age > windowSeconds * 1000;
}
