import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { LEDGER } from '../contract.ts';
import { decodeKey, encodeKey } from '../core/event-key.ts';
import type { EventKey } from '../core/event-key.ts';
import type { Superseding } from '../core/event.ts';
import type { Item } from './expressions.ts';

type Write = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/*
 * The item of a line.
 *
 *   waiting             the encoded keys of its events, first come, first in the list
 *   holder, heldTime    who has the turn of the first, and the time of that event by its provider
 *   starts              how often it was the turn of the first since a try of it was last settled
 *   newestTime, -Key    the newest event that was handled
 */
const IS_FIRST = 'waiting[0] = :me';
const HAS_TURN = `${IS_FIRST} AND holder = :owner`;
/** Removes the first, and what is known of it. */
const NEXT = 'REMOVE waiting[0], holder, heldTime, starts';

/**
 * The most places in a line: every write of a line pays for all of it. Who finds it full joins when it comes back, and its order
 * among others of that kind is not kept.
 */
export const MOST_PLACES = 1_000;

/** Puts an event at the end, unless it is in the line or that is full. `expiresAt` in seconds since the epoch, so too below. */
export const joinWrite = (event: EventKey, expiresAt: number): Write => ({
  UpdateExpression: `SET waiting = list_append(if_not_exists(waiting, :none), :place), ${LEDGER.ttl} = :expiresAt`,
  ConditionExpression: 'attribute_not_exists(waiting) OR (NOT contains(waiting, :me) AND size(waiting) < :most)',
  ExpressionAttributeValues: {
    ...meOf(event),
    ':none': { L: [] },
    ':place': { L: [{ S: encodeKey(event) }] },
    ':most': { N: String(MOST_PLACES) },
    ':expiresAt': { N: String(expiresAt) },
  },
});

/** Gives the first its turn. Whoever had it before has it no more, and leaves in vain. */
export const turnWrite = (event: EventKey, owner: string, time: string | undefined, expiresAt: number): Write => ({
  UpdateExpression: `SET holder = :owner, ${LEDGER.ttl} = :expiresAt${time === undefined ? '' : ', heldTime = :time'} ADD starts :one`,
  ConditionExpression: IS_FIRST,
  ExpressionAttributeValues: {
    ...meOf(event),
    ':owner': { S: owner },
    ':expiresAt': { N: String(expiresAt) },
    ':one': { N: '1' },
    ...(time !== undefined && { ':time': { S: time } }),
  },
  ReturnValues: 'ALL_NEW',
});

/** A turn whose try has failed, and that was settled, is the first one again, if this owner still has it. */
export const settleWrite = (event: EventKey, owner: string): Write => ({
  UpdateExpression: 'SET starts = :one',
  ConditionExpression: HAS_TURN,
  ExpressionAttributeValues: { ...meOf(event), ':owner': { S: owner }, ':one': { N: '1' } },
});

/** Gives up the first place, if this owner has its turn. */
export const leaveWrite = (event: EventKey, owner: string, newest: Superseding | undefined): Write => ({
  UpdateExpression: [noting(newest), NEXT].filter(Boolean).join(' '),
  ConditionExpression: HAS_TURN,
  ExpressionAttributeValues: { ...meOf(event), ...newestOf(newest), ':owner': { S: owner } },
  ReturnValues: 'ALL_NEW',
});

/**
 * Takes away the first place, whose event is over. Refused if somebody has the turn of it who had it not when that was found out:
 * an event that is over can come again.
 */
export const evictWrite = (head: EventKey, holder: string | undefined, newest: Superseding | undefined): Write => ({
  UpdateExpression: [noting(newest), NEXT].filter(Boolean).join(' '),
  ConditionExpression: `${IS_FIRST} AND ${holder === undefined ? 'attribute_not_exists(holder)' : 'holder = :holder'}`,
  ExpressionAttributeValues: {
    ...meOf(head),
    ...newestOf(newest),
    ...(holder !== undefined && { ':holder': { S: holder } }),
  },
});

const meOf = (event: EventKey): Item => ({ ':me': { S: encodeKey(event) } });
const noting = (newest: Superseding | undefined): string =>
  newest ? 'SET newestTime = :newestTime, newestKey = :newestKey' : '';
const newestOf = (newest: Superseding | undefined): Item =>
  newest ? { ':newestTime': { S: newest.time }, ':newestKey': { S: encodeKey(newest) } } : {};

/** The state of a line, as its item has it. */
export interface LineState {
  readonly waiting: readonly EventKey[];
  readonly holder: string | undefined;
  /** The time of the event whose turn it is; undefined if it has none, or nobody has the turn. */
  readonly heldTime: string | undefined;
  readonly starts: number;
  readonly newest: Superseding | undefined;
}

export function lineState(item: Item | undefined): LineState {
  const { waiting, holder, heldTime, starts, newestTime, newestKey } = item ?? {};
  return {
    waiting: (waiting?.L ?? []).map(({ S: text = '' }) => decodeKey(text)),
    holder: holder?.S,
    heldTime: heldTime?.S,
    starts: Number(starts?.N ?? 0),
    newest: newestTime?.S === undefined ? undefined : { ...decodeKey(newestKey?.S ?? ''), time: newestTime.S },
  };
}
