import { LEDGER, LEDGER_KEY, LEDGER_LIST } from '../contract.ts';
import { QUARANTINE_REASONS } from '../core/envelope.ts';
import { encodeKey, keyDigest } from '../core/event-key.ts';
import { UNKNOWN_TYPE } from '../core/event.ts';
import type { EventHead, EventIdentity } from '../core/event.ts';
import type { ClaimOutcome, Status } from '../core/ports.ts';
import type { Item } from './expressions.ts';

/** The primary key: the source and the event key in one attribute, so that a busy source spreads over partitions. */
export const keyOf = (event: EventIdentity): Item => ({
  [LEDGER.partitionKey]: { S: LEDGER_KEY.event(event.source, encodeKey(event)) },
});

/** The attributes that an event's first delivery writes; `expiresAt` in seconds since the epoch. */
export const newItem = (event: EventHead, status: Status, expiresAt: number): Item => ({
  source: { S: event.source },
  eventKey: { S: event.key },
  ...(event.keyKind && { keyKind: { S: event.keyKind } }),
  status: { S: status },
  eventType: { S: event.type },
  bodyHash: { S: event.bodyHash },
  ...(event.fingerprint !== undefined && { fingerprint: { S: event.fingerprint } }),
  via: { S: event.via },
  ...(event.coverage && { coverage: { S: event.coverage } }),
  ...(event.evidence.secretLabel && { secretLabel: { S: event.evidence.secretLabel } }),
  ...(event.evidence.secretVersionId && { secretVersionId: { S: event.evidence.secretVersionId } }),
  ...(event.quarantine && { quarantine: { S: event.quarantine } }),
  firstReceivedAt: { S: event.receivedAt },
  [LEDGER.ttl]: { N: String(expiresAt) },
  ...inList(event),
});

/** The place in the list of events. An item without these attributes is not in it. */
function inList(event: EventHead): Item {
  const digest = keyDigest(event);
  return {
    [LEDGER_LIST.partitionKey]: { S: LEDGER_LIST.shardOf(event.source, digest) },
    [LEDGER_LIST.sortKey]: { S: LEDGER_LIST.place(event.receivedAt, digest) },
  };
}

/** The outcome of a claim, by the item that the ledger held before it. */
export function claimOutcome(before: Item | undefined): ClaimOutcome {
  const status = before?.status?.S as Status | undefined;
  if (before === undefined || status === undefined) return { known: false };
  const quarantine = QUARANTINE_REASONS.find((reason) => reason === before.quarantine?.S);
  const via = before.via?.S === 'poll' ? 'poll' : 'webhook';
  const fingerprint = before.fingerprint?.S;
  return {
    ...{ known: true, status, bodyHash: before.bodyHash?.S ?? '', via },
    ...{ type: before.eventType?.S ?? UNKNOWN_TYPE, deliveries: Number(before.deliveries?.N ?? 0) },
    ...(fingerprint !== undefined && { fingerprint }),
    ...(quarantine && { quarantine }),
  };
}
