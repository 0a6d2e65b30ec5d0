import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dynamoBreaker } from '../../../lambdas/adapters/breaker.ts';
import { CLOSED } from '../../../lambdas/core/process/breaker.ts';
import type { BreakerState } from '../../../lambdas/core/process/breaker.ts';
import { startLedgerTables } from '../../ledger-tables.ts';
import type { LedgerTables } from '../../ledger-tables.ts';

const NOW = Date.parse('2026-03-01T09:30:00.000Z');
const time = { now: NOW };
let tables: LedgerTables;
let client: DynamoDBClient;
let table = '';

beforeAll(async () => {
  tables = await startLedgerTables();
  ({ client } = tables);
});
beforeEach(async () => {
  time.now = NOW;
  table = await tables.create();
});
afterAll(() => tables.stop());

/** A container's own view of a source's breaker; `calls` counts what it asks of DynamoDB. */
function container() {
  const calls: string[] = [];
  const counting = {
    send: (command: GetItemCommand | UpdateItemCommand) => {
      calls.push(command.constructor.name);
      return command instanceof GetItemCommand ? client.send(command) : client.send(command);
    },
  } as unknown as DynamoDBClient;
  return { calls, breaker: dynamoBreaker({ table, source: 'osigu', clock: () => time.now, client: counting }) };
}

const successes = ({ window }: BreakerState): number => window.successes;
const count = (state: BreakerState): BreakerState => ({
  ...state,
  window: { ...state.window, successes: state.window.successes + 1 },
});

describe('the breaker on DynamoDB', () => {
  it('is closed if there is none, and is read once in five seconds', async () => {
    const { breaker, calls } = container();
    for (let second = 0; second < 10; second++) {
      expect(await breaker.read()).toEqual({ state: CLOSED });
      time.now += 1_000;
    }
    expect(calls).toEqual(['GetItemCommand', 'GetItemCommand']);
  });

  it('loses no change that containers make at the same moment', async () => {
    const containers = [container(), container(), container()];
    await Promise.all(containers.map(({ breaker }) => breaker.change(count)));
    expect(successes((await container().breaker.read()).state)).toBe(3);
    expect(await containers[0]?.breaker.change(() => undefined)).toBe(false);
  });

  it('shows what an operator has ordered, which no change of the state takes back', async () => {
    const { breaker } = container();
    await client.send(
      new UpdateItemCommand({
        ...{ TableName: table, Key: { pk: { S: 'breaker#osigu' } } },
        UpdateExpression: 'SET pausedAt = :at, pausedBy = :by, pausedReason = :why',
        ExpressionAttributeValues: { ':at': { N: String(NOW) }, ':by': { S: 'a person' }, ':why': { S: 'a reason' } },
      }),
    );
    await breaker.change(count);
    const { paused, state } = await container().breaker.read();
    expect([paused, successes(state)]).toEqual([{ at: NOW, by: 'a person', reason: 'a reason' }, 1]);
  });

  it('gives each slot of the rate to one container, and none that begins too late', async () => {
    const [one, two] = [container().breaker, container().breaker];
    expect(await one.reserve(1_000, 2_500)).toBe(0);
    expect(await two.reserve(1_000, 2_500)).toBe(1_000);
    expect(await one.reserve(1_000, 2_500)).toBe(2_000);
    expect(await two.reserve(1_000, 2_500)).toBeUndefined();
    time.now += 10_000;
    expect(await two.reserve(1_000, 2_500)).toBe(0);
    const both = await Promise.all([one.reserve(1_000, 2_500), two.reserve(1_000, 2_500)]);
    expect(both.sort()).toEqual([1_000, 2_000]);
  });

  it('serves what it last knew while it cannot be read', async () => {
    let isDown = false;
    const flaky = {
      send: (command: GetItemCommand) => (isDown ? Promise.reject(new Error('down')) : client.send(command)),
    } as unknown as DynamoDBClient;
    const breaker = dynamoBreaker({ table, source: 'osigu', clock: () => time.now, client: flaky });
    await breaker.change((state) => ({ ...state, phase: 'open' }));
    time.now += 60_000;
    isDown = true;
    expect((await breaker.read()).state.phase).toBe('open');
    await expect(breaker.change(count)).rejects.toThrow('down');
    const fresh = dynamoBreaker({ table, source: 'osigu', clock: () => time.now, client: flaky });
    await expect(fresh.read()).rejects.toThrow('down');
  });
});
