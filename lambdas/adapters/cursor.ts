import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEY } from '../contract.ts';
import { CursorLost } from '../core/poll/cursor.ts';
import type { Cursor, CursorState } from '../core/poll/cursor.ts';
import type { Clock } from '../core/ports.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { setAll, valuesOf } from './expressions.ts';
import type { Item } from './expressions.ts';
import { unlessRefused } from './unless-refused.ts';
import { traced } from './trace.ts';

export interface CursorSettings {
  readonly table: string;
  readonly source: string;
  readonly clock: Clock;
  readonly client?: DynamoDBClient;
}

const MINE = 'leaseOwner = :owner';

/**
 * A source's cursor in the ledger's table, with the hold of the poll that works on it. The hold is an item, not a limit of one
 * invocation at a time: AWS refuses to reserve concurrency in an account that has little, and a poll that an operator starts
 * must wait for the scheduled poll too.
 */
export function dynamoCursor({ table, source, clock, client }: CursorSettings): Cursor {
  const dynamo = client ?? traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');
  const at = { TableName: table, Key: { [LEDGER.partitionKey]: { S: LEDGER_KEY.cursor(source) } } };
  const now = (): string => new Date(clock()).toISOString();

  const update = (write: string, condition: string, values: Item) =>
    unlessRefused(
      dynamo.send(
        new UpdateItemCommand({
          ...at,
          UpdateExpression: write,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );

  return {
    async begin(owner, until) {
      const taken = await update(
        'SET leaseOwner = :owner, leaseUntil = :until',
        `attribute_not_exists(leaseUntil) OR leaseUntil < :now OR ${MINE}`,
        { ':owner': { S: owner }, ':until': { N: String(until) }, ':now': { N: String(clock()) } },
      );
      return taken && toState(taken.Attributes ?? {});
    },

    async save(owner, { startAt, position, from, reopenDue, walkNext, walkUntil, progress, registered }) {
      const changes: Item = {
        ...(startAt !== undefined && { startAt: { S: startAt } }),
        ...(position !== undefined && { cursorPosition: { S: position } }),
        ...(from !== undefined && { cursorFrom: { S: from } }),
        ...(reopenDue !== undefined && { reopenDue: { BOOL: reopenDue } }),
        ...(walkNext !== undefined && { walkNext: { S: walkNext } }),
        ...(walkUntil !== undefined && { walkUntil: { S: walkUntil } }),
        ...(progress !== undefined && { progress: { S: progress } }),
        ...(registered !== undefined && { registered: { S: registered } }),
      };
      const written = { ...valuesOf(changes), ':owner': { S: owner } };
      const saved = await update(`SET ${setAll(changes).join(', ')}`, MINE, written);
      if (!saved) throw new CursorLost();
    },

    async end(owner, { ok, report }) {
      const ended = await update(
        `SET lastEndedAt = :at, lastReport = :report${ok ? ', lastSucceededAt = :at' : ''} REMOVE leaseOwner, leaseUntil`,
        MINE,
        { ':owner': { S: owner }, ':at': { S: now() }, ':report': { S: report } },
      );
      if (!ended) throw new CursorLost();
    },

    async status() {
      const { Item: item = {} } = await dynamo.send(new GetItemCommand({ ...at, ConsistentRead: true }));
      const until = Number(item.leaseUntil?.N ?? 0);
      return {
        heldUntil: until > clock() ? new Date(until).toISOString() : undefined,
        lastEndedAt: item.lastEndedAt?.S,
        lastSucceededAt: item.lastSucceededAt?.S,
        lastReport: item.lastReport?.S,
      };
    },
  };
}

const toState = ({
  startAt,
  cursorPosition,
  cursorFrom,
  reopenDue,
  walkNext,
  walkUntil,
  progress,
  registered,
}: Item): CursorState => ({
  ...(startAt?.S !== undefined && { startAt: startAt.S }),
  ...(cursorPosition?.S !== undefined && { position: cursorPosition.S }),
  ...(cursorFrom?.S !== undefined && { from: cursorFrom.S }),
  ...(reopenDue?.BOOL !== undefined && { reopenDue: reopenDue.BOOL }),
  ...(walkNext?.S !== undefined && { walkNext: walkNext.S }),
  ...(walkUntil?.S !== undefined && { walkUntil: walkUntil.S }),
  ...(progress?.S !== undefined && { progress: progress.S }),
  ...(registered?.S !== undefined && { registered: registered.S }),
});
