import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { LEDGER } from '../contract.ts';
import { KEPT_TRIES } from './kept-tries.ts';
import type { Event, EventHead } from '../core/event.ts';
import type { Lease, Processed, Status } from '../core/ports.ts';
import { namesOf, setAll, setIfAbsent, valuesOf } from './expressions.ts';
import type { Item } from './expressions.ts';
import { keyOf, newItem } from './ledger-item.ts';

export type Write = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/*
 * The times of an item. Every write below is one update under a condition, and every condition is made of the parts that follow.
 *
 *   claim        mark       lease            mark processed
 *     │            │          │ ◀── HELD ──▶ │ NOT_HELD                        EXPIRED
 *     ▼            ▼          ▼              ▼                                    ▼
 *     ├──PENDING───┼──QUEUED──┼──────────────┼──PROCESSED─────────────────────────┤ expiresAt: the item counts as none,
 *     │                       │                                                   │ and DynamoDB removes it up to days later
 *     │                       └── leaseUntil: past it, LEASE_OVER, any owner may take the event
 *     └── firstReceivedAt; a lease moves expiresAt on by another window
 */
const NOT_THERE = `attribute_not_exists(${LEDGER.partitionKey})`;
const IN_WINDOW = `#${LEDGER.ttl} >= :now`;
const EXPIRED = `${LEDGER.ttl} < :now`;

const NO_STATUS = 'attribute_not_exists(#status)';
const IS_PENDING = '#status = :pending';
const IS_OPEN = '#status IN (:pending, :queued)';
const NOT_QUARANTINED = '#status <> :quarantined';
const ORDER_NOT_CARRIED_OUT = 'NOT contains(replayIds, :order)';

const NOT_HELD = 'attribute_not_exists(leaseOwner)';
const LEASE_OVER = 'leaseUntil < :now';
export const HELD_BY_OWNER = 'leaseOwner = :owner';
/** Frees the event. */
export const END_LEASE = 'REMOVE leaseOwner, leaseUntil';

const PENDING: Item = { ':pending': { S: 'PENDING' } };
/** The statuses from which an event can still be processed. */
const OPEN: Item = { ...PENDING, ':queued': { S: 'QUEUED' } };
const QUARANTINED: Item = { ':quarantined': { S: 'QUARANTINED' } };

/**
 * Writes the item if there is none, and counts the delivery if there is one: one write for either. Refused if the item has
 * expired, because DynamoDB removes expired items up to days late. `now` in seconds since the epoch. If the claim `prolongs`, an item
 * that is there is remembered for another window.
 */
export function claimWrite(event: Event, now: number, windowSeconds: number, prolongs: boolean): Write {
  const item = newItem(event, 'PENDING', now + windowSeconds);
  const { [LEDGER.ttl]: _, ...rest } = item;
  const sets = prolongs ? [...setIfAbsent(rest), `#${LEDGER.ttl} = :${LEDGER.ttl}`] : setIfAbsent(item);
  return {
    UpdateExpression: `SET ${[...sets, 'lastReceivedAt = :receivedAt'].join(', ')} ADD deliveries :one`,
    ConditionExpression: `${NOT_THERE} OR ${IN_WINDOW}`,
    ExpressionAttributeNames: namesOf(item),
    ExpressionAttributeValues: {
      ...valuesOf(item),
      ':receivedAt': { S: event.receivedAt },
      ':one': { N: '1' },
      ':now': { N: String(now) },
    },
    ReturnValues: 'ALL_OLD',
  };
}

/** Puts the item in the place of an expired one. `now` in seconds since the epoch. */
export const replaceExpired = (table: string, event: Event, now: number, windowSeconds: number) => ({
  TableName: table,
  Item: {
    ...keyOf(event),
    ...newItem(event, 'PENDING', now + windowSeconds),
    lastReceivedAt: { S: event.receivedAt },
    deliveries: { N: '1' },
  },
  ConditionExpression: `${NOT_THERE} OR ${EXPIRED}`,
  ExpressionAttributeValues: { ':now': { N: String(now) } },
});

/** PENDING → `to`. A mark that comes late finds that the status has moved on, and is refused. */
export const markWrite = (to: Status): Write => ({
  UpdateExpression: 'SET #status = :to',
  ConditionExpression: IS_PENDING,
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ...PENDING, ':to': { S: to } },
});

/**
 * Takes an event that is neither done nor taken; times in milliseconds since the epoch. If the ledger has forgotten the event,
 * because it waited in a dead-letter queue for longer than the window, the item is written again: the event was never
 * processed. If the ledger is about to forget it, it is remembered for another window, or a copy could be processed too.
 */
export function leaseWrite(event: EventHead, lease: Lease, now: number, windowSeconds: number): Write {
  const expiresAt = Math.floor(now / 1000) + windowSeconds;
  const { [LEDGER.ttl]: _, ...item } = newItem(event, 'QUEUED', expiresAt);
  const { condition, values } = takeable(event);
  return {
    UpdateExpression: `SET ${setIfAbsent(item).join(', ')}, ${LEDGER.ttl} = :expiresAt,
      leaseOwner = :owner, leaseUntil = :until, archivedIn = :archivedIn REMOVE deadLetterAt, receipt`,
    ConditionExpression: `(${condition}) AND (${NOT_HELD} OR ${LEASE_OVER} OR ${HELD_BY_OWNER})`,
    ExpressionAttributeNames: namesOf(item),
    ExpressionAttributeValues: {
      ...valuesOf(item),
      ...values,
      ':expiresAt': { N: String(expiresAt) },
      ':owner': { S: lease.owner },
      ':until': { N: String(lease.until) },
      ':archivedIn': { S: lease.archivedIn },
      ':now': { N: String(now) },
    },
  };
}

/**
 * Which events a lease may take: those that are not done. By a reprocess order also those that are, unless they wait in
 * quarantine or this very order has been carried out, be it before other orders.
 */
const takeable = ({ replay: order }: EventHead): { readonly condition: string; readonly values: Item } =>
  order === undefined
    ? { condition: `${NO_STATUS} OR ${IS_OPEN}`, values: OPEN }
    : {
        condition: `(${NO_STATUS} OR ${NOT_QUARANTINED}) AND ${ORDER_NOT_CARRIED_OUT}`,
        values: { ...QUARANTINED, ':order': { S: order.id } },
      };

/**
 * Marks an event processed that is not done yet; by a reprocess order also an event that is. Refused while another owner
 * holds it: a late mark would free that owner's event, and an order could take it a second time. `at` is ISO 8601.
 */
export function processedWrite(done: Processed, at: string): Write {
  const { owner, archivedIn, copyOf, supersededBy, unorderedBy, order } = done;
  const changes: Item = {
    archivedIn: { S: archivedIn },
    ...(copyOf !== undefined && { copyOf: { S: copyOf } }),
    ...(supersededBy && { supersededBy: { S: supersededBy.key } }),
    ...(unorderedBy !== undefined && { unorderedBy: { S: unorderedBy } }),
    ...(order && { replayedAt: { S: at }, replayedBy: { S: order.by } }),
  };
  // The first time that it was processed stays.
  const processedAt = order ? 'if_not_exists(processedAt, :at)' : ':at';
  const sets = ['#status = :processed', `processedAt = ${processedAt}`, ...setAll(changes)].join(', ');
  return {
    UpdateExpression: `SET ${sets} ${END_LEASE}, tries ${order ? 'ADD replayIds :replayIds' : ''}`,
    ConditionExpression: `${order ? NOT_QUARANTINED : IS_OPEN} AND (${NOT_HELD} OR ${HELD_BY_OWNER})`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ...valuesOf(changes),
      ':processed': { S: 'PROCESSED' },
      ':at': { S: at },
      ':owner': { S: owner },
      ...(order ? { ...QUARANTINED, ':replayIds': { SS: [order.id] } } : OPEN),
    },
  };
}

/**
 * Counts a failed try, in all and since the event was last a dead letter, and frees the event, if this owner holds it. `at` is ISO
 * 8601. The `attempt` is also kept in an attribute of its own, in the place of the one that was made so many tries before.
 */
export const failureWrite = (owner: string, reason: string, at: string, isSpent: boolean, attempt: number): Write => ({
  UpdateExpression: `SET lastFailure = :reason, lastFailedAt = :at, ${KEPT_TRIES.attributeOf(attempt)} = :try ADD failures :one${isSpent ? ', tries :one' : ''} ${END_LEASE}`,
  ConditionExpression: HELD_BY_OWNER,
  ExpressionAttributeValues: {
    ':reason': { S: reason },
    ':at': { S: at },
    ':one': { N: '1' },
    ':owner': { S: owner },
    ':try': { S: `${at} ${reason}` },
  },
  ReturnValues: 'ALL_NEW',
});

/** Counts the tries from the start again; `failures` goes on counting. Writes nothing if there is no item. `at` is ISO 8601. */
export const forgetTriesWrite = (at: string): Write => ({
  UpdateExpression: 'SET deadLetterAt = :at REMOVE tries',
  ConditionExpression: `NOT ${NOT_THERE}`,
  ExpressionAttributeValues: { ':at': { S: at } },
});
