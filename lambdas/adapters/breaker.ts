import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEY } from '../contract.ts';
import type { Clock } from '../core/ports.ts';
import type { Breaker } from '../core/process/admit.ts';
import { CLOSED } from '../core/process/breaker.ts';
import type { BreakerState } from '../core/process/breaker.ts';
import type { BreakerView } from '../core/process/flow.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import type { Item } from './expressions.ts';
import { traced } from './trace.ts';
import { unlessRefused } from './unless-refused.ts';

export interface BreakerSettings {
  readonly table: string;
  readonly source: string;
  readonly clock: Clock;
  readonly client?: DynamoDBClient;
}

/** Seconds for which a container does not look again: so late it can know of a pause. */
export const FRESH_SECONDS = 5;
/** How often a change is tried while other containers change the state at the same moment. */
const CHANGE_TRIES = 5;

/**
 * A source's breaker: one item in the ledger's table. `state` is written on the version that was read, so that no change of
 * another container is lost; what an operator orders, and the rate, are attributes beside it and do not touch each other.
 */
export function dynamoBreaker({ table, source, clock, client }: BreakerSettings): Breaker {
  const dynamo = client ?? traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');
  const at = { TableName: table, Key: { [LEDGER.partitionKey]: { S: LEDGER_KEY.breaker(source) } } };
  let known: BreakerView = { state: CLOSED };
  let readAt = -Infinity;

  const get = async (ConsistentRead: boolean): Promise<Item> => {
    const { Item: item = {} } = await dynamo.send(new GetItemCommand({ ...at, ConsistentRead }));
    known = viewOf(item);
    readAt = clock();
    return item;
  };

  const update = (write: string, condition: string, values: Item, names?: Record<string, string>) =>
    unlessRefused(
      dynamo.send(
        new UpdateItemCommand({
          ...at,
          UpdateExpression: write,
          ConditionExpression: condition,
          ...(names && { ExpressionAttributeNames: names }),
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );

  return {
    async read() {
      if (clock() - readAt >= FRESH_SECONDS * 1000)
        await get(false).catch((error: unknown) => {
          if (readAt === -Infinity) throw error;
        });
      return known;
    },

    async change(change) {
      for (let tries = 0; tries < CHANGE_TRIES; tries++) {
        const item = await get(true);
        const next = change(known.state);
        if (!next) return false;
        const version = Number(item.version?.N ?? 0);
        const written = await update(
          'SET #state = :state, version = :next',
          'attribute_not_exists(version) OR version = :version',
          {
            ...{ ':state': { S: JSON.stringify(next) }, ':next': { N: String(version + 1) } },
            ':version': { N: String(version) },
          },
          { '#state': 'state' },
        );
        if (!written) continue;
        known = viewOf(written.Attributes ?? {});
        return true;
      }
      throw Object.assign(new Error('others change the breaker again and again'), { name: 'BreakerContended' });
    },

    async reserve(slot, most) {
      const now = clock();
      const values = { ':now': { N: String(now) } };
      const later = await update('SET nextAt = nextAt + :slot', 'nextAt > :now AND nextAt <= :latest', {
        ...{ ...values, ':slot': { N: String(slot) }, ':latest': { N: String(now + most) } },
      });
      if (later) return Number(later.Attributes?.nextAt?.N) - slot - now;
      const first = await update('SET nextAt = :then', 'attribute_not_exists(nextAt) OR nextAt <= :now', {
        ...{ ...values, ':then': { N: String(now + slot) } },
      });
      return first ? 0 : undefined;
    },
  };
}

/**
 * Returns the breaker's state and pause, as its item has them; without a state the breaker is closed. Throws if the state is
 * not JSON.
 */
export function viewOf({ state, pausedAt, pausedBy, pausedReason, resumedAt }: Item): BreakerView {
  return {
    state: state?.S === undefined ? CLOSED : (JSON.parse(state.S) as BreakerState),
    ...(pausedAt?.N !== undefined && {
      paused: { at: Number(pausedAt.N), by: pausedBy?.S ?? '', reason: pausedReason?.S ?? '' },
    }),
    ...(resumedAt?.N !== undefined && { resumedAt: Number(resumedAt.N) }),
  };
}
