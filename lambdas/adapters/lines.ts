import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEY } from '../contract.ts';
import { encodeKey } from '../core/event-key.ts';
import { asNewest } from '../core/line.ts';
import type { Lines, Place } from '../core/line.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import type { Item } from './expressions.ts';
import { keyOf } from './ledger-item.ts';
import { END_LEASE, HELD_BY_OWNER } from './ledger-writes.ts';
import type { LedgerSettings } from './ledger.ts';
import { evictWrite, joinWrite, leaveWrite, lineState, MOST_PLACES, settleWrite, turnWrite } from './line-writes.ts';
import type { LineState } from './line-writes.ts';
import { traced } from './trace.ts';
import { unlessRefused } from './unless-refused.ts';

/** Seconds for which SQS keeps a message at most: so long an event can wait in a line. */
const LONGEST_WAIT_SECONDS = 14 * 86_400;
/** Places that are over and that one event clears away before it comes back. */
const MOST_STEPS = 20;

/** The item of the line that a place is in. A target has lines of its own. */
const keyOfLine = ({ source, line }: Pick<Place, 'source' | 'line'>): Item => ({
  [LEDGER.partitionKey]: { S: LEDGER_KEY.line(source, line) },
});

/**
 * Lines on the ledger's table: one item per source and order key, and every step is one conditional write. Each place says whose
 * line it is in, because a source's processor also joins the lines of its targets.
 */
export function dynamoLines({ table, windowSeconds, clock, client }: LedgerSettings): Lines {
  const dynamo = client ?? traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');
  /** A line is remembered for as long as one of its events can wait, and be remembered then. */
  const expiresAt = (): number => Math.floor(clock() / 1000) + LONGEST_WAIT_SECONDS + windowSeconds;

  const read = async (key: Item): Promise<Item | undefined> =>
    (await dynamo.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  const update = (key: Item, write: ReturnType<typeof joinWrite>) =>
    unlessRefused(dynamo.send(new UpdateItemCommand({ TableName: table, Key: key, ...write })));

  const join = async (place: Place): Promise<void> => {
    await update(keyOfLine(place), joinWrite(place, expiresAt()));
  };

  /** Takes the first place away if its event is over. Resolves to whether it is. */
  const evict = async (place: Place, { waiting, holder, heldTime, newest }: LineState): Promise<boolean> => {
    const [head] = waiting;
    if (!head) return false;
    const item = await read(keyOf({ ...head, source: place.source }));
    if (!isOver(item, clock())) return false;
    // Who was killed between mark and leave could not note that it was handled.
    const handled = item?.status?.S === 'PROCESSED' && heldTime !== undefined;
    const write = evictWrite(head, holder, handled ? asNewest({ ...head, time: heldTime }, newest) : undefined);
    await update(keyOfLine(place), write);
    return true;
  };

  return {
    join,

    async takeTurn(place, owner, time) {
      const me = encodeKey(place);
      for (let steps = 0; steps < MOST_STEPS; steps++) {
        const line = lineState(await read(keyOfLine(place)));
        const [head] = line.waiting;
        if (!line.waiting.some((event) => encodeKey(event) === me)) {
          if (line.waiting.length >= MOST_PLACES && !(await evict(place, line))) break;
          await join(place);
        } else if (head && encodeKey(head) === me) {
          const held = await update(keyOfLine(place), turnWrite(place, owner, time, expiresAt()));
          if (!held) continue;
          const { starts, newest } = lineState(held.Attributes);
          return { is: 'first', starts, ...(newest && { newest }) };
        } else if (!(await evict(place, line))) break;
      }
      return { is: 'waiting' };
    },

    async wait(place, owner, receipt) {
      await update(keyOf(place), waitWrite(owner, receipt));
      const [head] = lineState(await read(keyOfLine(place))).waiting;
      return head !== undefined && encodeKey(head) === encodeKey(place);
    },

    async settle(place, owner) {
      await update(keyOfLine(place), settleWrite(place, owner));
    },

    async leave(place, owner, newest) {
      const left = await update(keyOfLine(place), leaveWrite(place, owner, newest));
      const [next] = left ? lineState(left.Attributes).waiting : [];
      return next && (await read(keyOf({ ...next, source: place.source })))?.receipt?.S;
    },
  };
}

/** Frees an event that waits, and leaves by what its message can be called back. */
const waitWrite = (owner: string, receipt: string | undefined) => ({
  UpdateExpression: `${receipt === undefined ? '' : 'SET receipt = :receipt '}${END_LEASE}`,
  ConditionExpression: HELD_BY_OWNER,
  ExpressionAttributeValues: {
    ':owner': { S: owner },
    ...(receipt !== undefined && { ':receipt': { S: receipt } }),
  },
});

/**
 * Whether nothing more is to come of an event, as its item says: it is done, a dead letter, given up, or forgotten. An event that somebody
 * holds is not over, because a reprocess order or a redrive can bring it again.
 */
function isOver(item: Item | undefined, now: number): boolean {
  if (!item) return true;
  if (item.leaseOwner && Number(item.leaseUntil?.N) >= now) return false;
  const { status, deadLetterAt, givenUpAt, tries } = item;
  const isOpen = status?.S === 'PENDING' || status?.S === 'QUEUED';
  // Nobody writes a dead letter down that SQS itself has moved: its place is free once it is redriven, or given up by a person.
  return !isOpen || givenUpAt !== undefined || (deadLetterAt !== undefined && tries === undefined);
}
