import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { LEDGER } from '../contract.ts';
import type { Event, EventHead } from '../core/event.ts';
import type { ClaimOutcome, Lease, Processed, Status } from '../core/ports.ts';
import { QUARANTINE_REASONS } from '../core/envelope.ts';

export type Identity = Pick<Event, 'source' | 'key'>;
export type Item = Record<string, AttributeValue>;
export type Write = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** The primary key: the source and the event key in one attribute, so that a busy source spreads over partitions. */
export const keyOf = ({ source, key }: Identity): Item => ({
  [LEDGER.partitionKey]: { S: `event#${source}#${key}` },
});

/** The attributes that an event's first delivery writes; `expiresAt` in seconds since the epoch. */
export const newItem = (event: EventHead, status: Status, expiresAt: number): Item => ({
  source: { S: event.source },
  eventKey: { S: event.key },
  status: { S: status },
  eventType: { S: event.type },
  bodyHash: { S: event.bodyHash },
  via: { S: event.via },
  ...(event.evidence.secretLabel && { secretLabel: { S: event.evidence.secretLabel } }),
  ...(event.evidence.secretVersionId && { secretVersionId: { S: event.evidence.secretVersionId } }),
  ...(event.quarantine && { quarantine: { S: event.quarantine } }),
  firstReceivedAt: { S: event.receivedAt },
  [LEDGER.ttl]: { N: String(expiresAt) },
});

/** Sets each attribute that is not there yet. Every name is a placeholder: `source` and `status` are reserved words. */
function setIfAbsent(item: Item) {
  const names = Object.keys(item);
  return {
    sets: names.map((name) => `#${name} = if_not_exists(#${name}, :${name})`).join(', '),
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value])),
  };
}

/**
 * Writes the item where there is none, and counts the delivery where there is one: one write for either. Refused where the
 * item has expired, for DynamoDB removes expired items up to days late.
 */
export function claimWrite(event: Event, now: number, windowSeconds: number): Write {
  const { sets, names, values } = setIfAbsent(newItem(event, 'PENDING', now + windowSeconds));
  return {
    UpdateExpression: `SET ${sets}, lastReceivedAt = :receivedAt ADD deliveries :one`,
    ConditionExpression: `attribute_not_exists(${LEDGER.partitionKey}) OR #${LEDGER.ttl} >= :now`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: {
      ...values,
      ':receivedAt': { S: event.receivedAt },
      ':one': { N: '1' },
      ':now': { N: String(now) },
    },
    ReturnValues: 'ALL_OLD',
  };
}

/** Puts the item in the place of one that has expired. */
export const replaceExpired = (table: string, event: Event, now: number, windowSeconds: number) => ({
  TableName: table,
  Item: {
    ...keyOf(event),
    ...newItem(event, 'PENDING', now + windowSeconds),
    lastReceivedAt: { S: event.receivedAt },
    deliveries: { N: '1' },
  },
  ConditionExpression: `attribute_not_exists(${LEDGER.partitionKey}) OR ${LEDGER.ttl} < :now`,
  ExpressionAttributeValues: { ':now': { N: String(now) } },
});

/** The statuses from which an event can still be processed. */
export const OPEN: Item = { ':pending': { S: 'PENDING' }, ':queued': { S: 'QUEUED' } };

/**
 * Takes an event that is neither done nor taken; times in milliseconds since the epoch. An event that the ledger has
 * forgotten, because it waited in a dead-letter queue for longer than the window, is written anew: it was never processed.
 * One that it is about to forget is remembered for another window, or a copy could be processed too.
 */
export function leaseWrite(event: EventHead, lease: Lease, now: number, windowSeconds: number): Write {
  const expiresAt = Math.floor(now / 1000) + windowSeconds;
  const { [LEDGER.ttl]: _, ...item } = newItem(event, 'QUEUED', expiresAt);
  const { sets, names, values } = setIfAbsent(item);
  const { condition, values: allowed } = takeable(event);
  return {
    UpdateExpression: `SET ${sets}, ${LEDGER.ttl} = :expiresAt,
      leaseOwner = :owner, leaseUntil = :until, archivedIn = :archivedIn`,
    ConditionExpression: `(${condition})
      AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseOwner = :owner)`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: {
      ...values,
      ...allowed,
      ':expiresAt': { N: String(expiresAt) },
      ':owner': { S: lease.owner },
      ':until': { N: String(lease.until) },
      ':archivedIn': { S: lease.archivedIn },
      ':now': { N: String(now) },
    },
  };
}

/**
 * Which events a lease may take: those that are not done. By an operator's order also those that are, unless they wait in
 * quarantine or this very order has been carried out, be it before other orders.
 */
const takeable = ({ replay }: EventHead): { readonly condition: string; readonly values: Item } =>
  replay === undefined
    ? { condition: 'attribute_not_exists(#status) OR #status IN (:pending, :queued)', values: OPEN }
    : {
        condition: `(attribute_not_exists(#status) OR #status <> :quarantined)
          AND NOT contains(replayIds, :replay)`,
        values: { ':quarantined': { S: 'QUARANTINED' }, ':replay': { S: replay.id } },
      };

/**
 * Marks an event processed that is not done yet; by an operator's order also one that is. Not while another owner holds it: a
 * mark that comes late would give that one's event free, and an order could take it a second time. `at` is ISO 8601.
 */
export function processedWrite({ owner, archivedIn, copyOf, replay }: Processed, at: string): Write {
  const changes: Item = {
    archivedIn: { S: archivedIn },
    ...(copyOf !== undefined && { copyOf: { S: copyOf } }),
    ...(replay && { replayedAt: { S: at }, replayedBy: { S: replay.by } }),
  };
  const sets = Object.keys(changes).map((name) => `, ${name} = :${name}`);
  const values = Object.fromEntries(Object.entries(changes).map(([name, value]) => [`:${name}`, value]));
  // The first time that it was processed stays.
  const processedAt = replay ? 'if_not_exists(processedAt, :at)' : ':at';
  return {
    UpdateExpression: `SET #status = :processed, processedAt = ${processedAt}${sets.join('')} REMOVE leaseOwner, leaseUntil
      ${replay ? 'ADD replayIds :replayIds' : ''}`,
    ConditionExpression: `${replay ? '#status <> :quarantined' : '#status IN (:pending, :queued)'}
      AND (attribute_not_exists(leaseOwner) OR leaseOwner = :owner)`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ...values,
      ':processed': { S: 'PROCESSED' },
      ':at': { S: at },
      ':owner': { S: owner },
      ...(replay ? { ':quarantined': { S: 'QUARANTINED' }, ':replayIds': { SS: [replay.id] } } : OPEN),
    },
  };
}

/** Counts a failed try and gives the event free, if this owner holds it. `at` is ISO 8601. */
export const failureWrite = (owner: string, reason: string, at: string): Write => ({
  UpdateExpression: 'SET lastFailure = :reason, lastFailedAt = :at ADD failures :one REMOVE leaseOwner, leaseUntil',
  ConditionExpression: 'leaseOwner = :owner',
  ExpressionAttributeValues: {
    ':reason': { S: reason },
    ':at': { S: at },
    ':one': { N: '1' },
    ':owner': { S: owner },
  },
});

/** What the ledger held before the claim. */
export function claimOutcome(before: Item | undefined): ClaimOutcome {
  const status = before?.status?.S as Status | undefined;
  if (before === undefined || status === undefined) return { known: false };
  const quarantine = QUARANTINE_REASONS.find((reason) => reason === before.quarantine?.S);
  const via = before.via?.S === 'poll' ? 'poll' : 'webhook';
  return { known: true, status, bodyHash: before.bodyHash?.S ?? '', via, ...(quarantine && { quarantine }) };
}
