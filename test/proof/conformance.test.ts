import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dynamoCursor } from '../../lambdas/adapters/cursor.ts';
import { dynamoLedger } from '../../lambdas/adapters/ledger.ts';
import { dynamoLines } from '../../lambdas/adapters/lines.ts';
import type { Cursor } from '../../lambdas/core/poll/cursor.ts';
import type { Event } from '../../lambdas/core/event.ts';
import type { Lines } from '../../lambdas/core/line.ts';
import type { Ledger, ReconcilableEvent } from '../../lambdas/core/ports.ts';
import { makeEvent } from '../lambdas/core/in-memory.ts';
import { startLedgerTables } from '../ledger-tables.ts';
import type { LedgerTables } from '../ledger-tables.ts';
import { MemoryTable } from './table.ts';

/** Seconds. */
const WINDOW = 100;
const START = Date.parse('2026-01-02T03:04:05.678Z');

interface Side {
  readonly ledger: Ledger;
  readonly cursor: Cursor;
  readonly lines: Lines;
}
interface Step {
  readonly after: number;
  readonly act: (side: Side) => Promise<unknown>;
}

const owner = fc.constantFrom('a', 'b');
const event = fc
  .record({
    key: fc.constantFrom('evt_1', 'evt_2'),
    body: fc.constantFrom('{}', '{"other":1}').map((text) => Buffer.from(text)),
    via: fc.constantFrom('webhook' as const, 'poll' as const),
    quarantined: fc.boolean(),
    order: fc.constantFrom(undefined, 'order-1', 'order-2'),
  })
  .map(({ quarantined, order, ...rest }): Event & ReconcilableEvent => ({
    ...makeEvent({ ...rest, ...(quarantined && { quarantine: 'no_event_id' }) }),
    ...(order !== undefined && { replay: { id: order, at: '2026-01-02T03:04:05.678Z', by: 'alice' } }),
    reconcileKey: 'fact',
  }));

const act = fc.oneof(
  {
    weight: 3,
    arbitrary: event.map(
      (of) =>
        ({ ledger }: Side) =>
          ledger.claim(of),
    ),
  },
  event.map(
    (of) =>
      ({ ledger }: Side) =>
        ledger.markQueued(of),
  ),
  event.map(
    (of) =>
      ({ ledger }: Side) =>
        ledger.markQuarantined(of),
  ),
  fc.tuple(event, owner).map(
    ([of, by]) =>
      ({ ledger }: Side) =>
        ledger.markProcessed(of, { owner: by, archivedIn: 'place', order: of.replay }),
  ),
  event.map(
    (of) =>
      ({ ledger }: Side) =>
        ledger.claimAlias(of),
  ),
  event.map(
    (of) =>
      ({ ledger }: Side) =>
        ledger.isKnown(of),
  ),
  fc.tuple(event, owner).map(
    ([of, by]) =>
      ({ ledger }: Side) =>
        ledger.noteFailure(of, by, 'Error'),
  ),
  event.map(
    (of) =>
      ({ ledger }: Side) =>
        ledger.forgetTries(of),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(event, owner, fc.integer({ min: 0, max: 60_000 })).map(
      ([of, by, lasts]) =>
        ({ ledger }: Side) =>
          ledger.lease(of, { owner: by, until: START + lasts, archivedIn: 'place' }),
    ),
  },
  owner.map(
    (by) =>
      ({ cursor }: Side) =>
        cursor.begin(by, START + 30_000),
  ),
  owner.map(
    (by) =>
      ({ cursor }: Side) =>
        cursor.save(by, { position: by, reopenDue: true }),
  ),
  owner.map(
    (by) =>
      ({ cursor }: Side) =>
        cursor.end(by, { ok: true, report: '{}' }),
  ),
);

/** The steps of ordered lines, all on one line, because events meet only there. */
const lineAct = fc.oneof(
  event.map(
    (of) =>
      ({ lines }: Side) =>
        lines.join({ ...of, line: 'l' }),
  ),
  fc.tuple(event, owner, fc.constantFrom(undefined, '2026-01-01', '2026-01-02')).map(
    ([of, by, time]) =>
      ({ lines }: Side) =>
        lines.takeTurn({ ...of, line: 'l' }, by, time),
  ),
  fc.tuple(event, owner).map(
    ([of, by]) =>
      ({ lines }: Side) =>
        lines.wait({ ...of, line: 'l' }, by, `receipt of ${of.key}`),
  ),
  fc.tuple(event, owner).map(
    ([of, by]) =>
      ({ lines }: Side) =>
        lines.settle({ ...of, line: 'l' }, by),
  ),
  fc.tuple(event, owner, fc.boolean()).map(
    ([of, by, handled]) =>
      ({ lines }: Side) =>
        lines.leave({ ...of, line: 'l' }, by, handled ? { key: of.key, time: '2026-01-01' } : undefined),
  ),
);
const step: fc.Arbitrary<Step> = fc.record({ after: fc.constantFrom(0, 0, 1000, 50_000), act: fc.oneof(act, lineAct) });

/** The outcome of a step: its answer, or the name of its error. */
const outcome = (result: Promise<unknown>): Promise<unknown> =>
  result.catch((error: unknown) => (error instanceof Error ? error.name : 'unknown'));

describe('the memory table', () => {
  let tables: LedgerTables;

  beforeAll(async () => {
    tables = await startLedgerTables();
  });

  afterAll(() => tables.stop());

  it('answers and holds what DynamoDB does, whatever the adapters ask of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        let now = START;
        const clock = (): number => now;
        const table = await tables.create();
        const memory = new MemoryTable();
        const side = (through: DynamoDBClient): Side => ({
          ledger: dynamoLedger({ table, windowSeconds: WINDOW, clock, client: through }),
          cursor: dynamoCursor({ table, source: 'osigu', clock, client: through }),
          lines: dynamoLines({ table, windowSeconds: WINDOW, clock, client: through }),
        });
        const send = (command: object): Promise<unknown> =>
          new Promise((resolve) => {
            resolve(memory.execute(command));
          });
        const [real, model] = [side(tables.client), side({ send } as unknown as DynamoDBClient)];
        for (const { after, act: run } of steps) {
          now += after;
          expect(await outcome(run(model))).toEqual(await outcome(run(real)));
        }
        const { Items: items = [] } = await tables.client.send(new ScanCommand({ TableName: table }));
        const sorted = (all: readonly object[]): string[] =>
          all.map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
        expect(sorted(memory.all())).toEqual(sorted(items));
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('refuses what it does not understand', () => {
    const memory = new MemoryTable();
    expect(() => memory.execute({})).toThrow('does not know');
  });
});
