import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoBreaker } from '../../lambdas/adapters/breaker.ts';
import { dynamoLedger } from '../../lambdas/adapters/ledger.ts';
import { dynamoLines } from '../../lambdas/adapters/lines.ts';
import { processGuarded } from '../../lambdas/core/process/guarded.ts';
import type { RetryPolicy } from '../../lambdas/core/process/retry.ts';
import { Tally } from '../../lambdas/core/process/tally.ts';
import { retrySchema } from '../../lib/config/retry.ts';
import { recordingObserver } from '../lambdas/core/in-memory.ts';
import { MemoryTable } from '../proof/table.ts';
import type { Container, Outage } from './world.ts';

const DAY = 86_400;
/** The defaults of a source. */
export const USUAL: RetryPolicy = { ...retrySchema.parse({}), retentionSeconds: 14 * DAY };

/** The product's own use case and adapters, on a table in memory, which its containers share. */
export function product({ attempts = USUAL.attempts, orderKeys }: Partial<Outage> = {}): () => Container {
  const retry = { ...USUAL, attempts };
  const table = new MemoryTable();
  let containers = 0;
  return () => {
    const container = ++containers;
    const tally = new Tally();
    const time = { now: 0 };
    const clock = (): number => time.now;
    const settings = { table: 'ledger', clock, client: inMemory(table) };
    const breaker = dynamoBreaker({ ...settings, source: 'osigu' });
    let invocations = 0;
    let spent = 0;
    const adapter = dynamoLedger({ ...settings, windowSeconds: 30 * DAY });
    const ledger: typeof adapter = {
      ...adapter,
      noteFailure(id, owner, reason, isSpent = true) {
        if (isSpent) spent++;
        return adapter.noteFailure(id, owner, reason, isSpent);
      },
    };
    const order = { by: 'orderKey', newestOnly: false, lines: dynamoLines({ ...settings, windowSeconds: 30 * DAY }) };
    return async ({ now, batch, handle, deadLetter, callBack, random }) => {
      time.now = now;
      spent = 0;
      const delays = new Map<string, number>();
      const records = batch.map((message) => ({ ...message, receipt: `${message.id}/${message.receives}` }));
      const comeBack = await processGuarded(records, {
        ...(orderKeys !== undefined && { order }),
        ...{ breaker, ledger, tally, clock, random, retry, breaks: true, pace: {}, leaseMs: 40_000, patienceMs: 7_500 },
        ...{ owner: `${container}-${++invocations}`, archivedIn: 'place', observer: recordingObserver() },
        bodies: { get: () => Promise.resolve(undefined) },
        archive: { keep: () => Promise.resolve() },
        sleep: async (milliseconds) => {
          time.now += milliseconds;
          await Promise.resolve();
        },
        retries: {
          async delay(all) {
            for (const { id, seconds } of all) delays.set(id, seconds);
            await Promise.resolve();
          },
          async callBack(receipt) {
            const [id = '', receives] = receipt.split('/');
            if (batch.some((message) => message.id === id)) delays.set(id, 0);
            else callBack(id, Number(receives));
            await Promise.resolve();
          },
          async giveUp(text) {
            deadLetter(text);
            await Promise.resolve();
          },
        },
        // eslint-disable-next-line @typescript-eslint/require-await -- a handler that throws is a promise that rejects
        handle: (tasks) => tasks.map(async ({ event }) => handle(event.key)),
      });
      return { comeBack: new Map(comeBack.map((id) => [id, delays.get(id) ?? 180])), waitedMs: time.now - now, spent };
    };
  };
}

/** The way of SQS alone: five tries, 180 seconds apart. */
export const fiveTries = (): Container => (lambda) => {
  const failed = lambda.batch.filter(({ id }) => {
    try {
      lambda.handle(id);
      return false;
    } catch {
      return true;
    }
  });
  const dead = failed.filter(({ receives }) => receives >= 5);
  for (const { text } of dead) lambda.deadLetter(text);
  const comeBack = new Map(failed.filter((each) => !dead.includes(each)).map(({ id }) => [id, 180]));
  return Promise.resolve({ comeBack, waitedMs: 0, spent: failed.length });
};

const inMemory = (table: MemoryTable): DynamoDBClient =>
  ({
    send(command: object) {
      try {
        return Promise.resolve(table.execute(command));
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error('refused'));
      }
    },
  }) as unknown as DynamoDBClient;
