import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dynamoAliases } from '../../../lambdas/adapters/aliases.ts';
import { dynamoLedger } from '../../../lambdas/adapters/ledger.ts';
import { safeEvents } from '../../../lambdas/adapters/safe-events.ts';
import { dynamoCursor } from '../../../lambdas/adapters/cursor.ts';
import { dynamoNotes, readNotes } from '../../../lambdas/adapters/subscription-notes.ts';
import { makeEvent } from '../core/in-memory.ts';
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

describe('the cursor on DynamoDB', () => {
  const cursor = (source = 'nvsep') => dynamoCursor({ table, source, clock: () => time.now, client });

  it('is held by one poll at a time, until its time is over', async () => {
    expect(await cursor().begin('a', NOW + 1000)).toEqual({});
    expect(await cursor().begin('b', NOW + 1000)).toBeUndefined();
    expect(await cursor().begin('a', NOW + 2000)).toEqual({});
    expect(await cursor('optum').begin('b', NOW + 1000)).toEqual({});
    time.now = NOW + 2001;
    expect(await cursor().begin('b', NOW + 9000)).toEqual({});
  });

  it('keeps what a poll saves, each part for itself', async () => {
    await cursor().begin('a', NOW + 1000);
    await cursor().save('a', { startAt: '2026-01-01T00:00:00.000Z' });
    await cursor().save('a', { position: 'p1', from: '' });
    await cursor().save('a', { reopenDue: true });
    await cursor().save('a', { walkNext: 'page 2', walkUntil: '' });
    await cursor().end('a', { ok: true, report: '{}' });
    expect(await cursor().begin('b', NOW + 1000)).toEqual({
      ...{ walkNext: 'page 2', walkUntil: '' },
      ...{ startAt: '2026-01-01T00:00:00.000Z', position: 'p1', from: '', reopenDue: true },
    });
  });

  it('takes nothing from a poll that has lost it', async () => {
    await cursor().begin('a', NOW + 1000);
    time.now = NOW + 1001;
    await cursor().begin('b', NOW + 5000);
    await expect(cursor().save('a', { position: 'old' })).rejects.toThrow(
      expect.objectContaining({ name: 'CursorLost' }),
    );
    await expect(cursor().end('a', { ok: true, report: '{}' })).rejects.toMatchObject({ name: 'CursorLost' });
  });

  it('tells of the last poll', async () => {
    expect(await cursor().status()).toEqual({});
    await cursor().begin('a', NOW + 1000);
    expect(await cursor().status()).toEqual({ heldUntil: new Date(NOW + 1000).toISOString() });
    await cursor().end('a', { ok: true, report: '{"n":1}' });
    time.now = NOW + 60_000;
    await cursor().begin('b', NOW + 70_000);
    await cursor().end('b', { ok: false, report: '{"n":2}' });
    expect(await cursor().status()).toEqual({
      lastSucceededAt: new Date(NOW).toISOString(),
      lastEndedAt: new Date(NOW + 60_000).toISOString(),
      lastReport: '{"n":2}',
    });
  });
});

describe('the aliases on DynamoDB', () => {
  const aliases = () => dynamoAliases(table, client);
  const event = (key: string, via: 'webhook' | 'poll' = 'webhook') => ({
    ...makeEvent({ source: 'nvsep', key, via }),
    reconcileKey: 'x1',
  });
  const copyOf = (of: string) => ({ is: 'copy', of });
  const OWN = { is: 'own' };

  it('know what stands for a key from the first that asked on', async () => {
    expect(await aliases().isKnown(event('w1'))).toBe(false);
    expect(await aliases().claimAlias(event('w1'))).toEqual(OWN);
    expect(await aliases().isKnown(event('other'))).toBe(true);
    expect(await aliases().isKnown({ ...event('w1'), source: 'nvsep-2' })).toBe(false);
  });

  it('take a listed event for the copy of a delivered one, again and again', async () => {
    await aliases().claimAlias(event('w1'));
    for (let times = 0; times < 2; times++) {
      expect(await aliases().claimAlias(event('p', 'poll'))).toEqual(copyOf('w1'));
      expect(await aliases().claimAlias(event('w1'))).toEqual(OWN);
    }
  });

  it('take one delivered event, and no second one, for the copy of a listed one', async () => {
    await aliases().claimAlias(event('p', 'poll'));
    for (let times = 0; times < 2; times++) {
      expect(await aliases().claimAlias(event('w1'))).toEqual(copyOf('p'));
      expect(await aliases().claimAlias(event('w2'))).toEqual(OWN);
      expect(await aliases().claimAlias(event('p', 'poll'))).toEqual(OWN);
    }
  });

  it('leave two delivered events two', async () => {
    expect(await aliases().claimAlias(event('w1'))).toEqual(OWN);
    expect(await aliases().claimAlias(event('w2'))).toEqual(OWN);
  });

  it('let one of many that ask at once be the one', async () => {
    const asked = await Promise.all([event('p', 'poll'), event('w1')].map((each) => aliases().claimAlias(each)));
    expect(asked.filter(({ is }) => is === 'own')).toHaveLength(1);
  });
});

describe('what is safe', () => {
  it('is what the ledger has in a queue, in quarantine or processed, of this source', async () => {
    const ledger = dynamoLedger({ table, windowSeconds: 1000, clock: () => time.now, client });
    const isSafe = safeEvents(table, client);
    const event = makeEvent({ source: 'github', key: 'guid-1' });
    expect(await isSafe(event)).toBe(false);
    await ledger.claim(event);
    expect(await isSafe(event)).toBe(false);
    await ledger.markQueued(event);
    expect(await isSafe(event)).toBe(true);
    expect(await isSafe({ ...event, source: 'github-2' })).toBe(false);
    expect(await isSafe({ ...event, keyKind: 'number' })).toBe(false);
  });
});

describe('the notes on Subscriptions', () => {
  const at = new Date(NOW);
  const note = { type: 'heartbeat', status: 'active', isFailing: false, events: 0 };

  it('are the latest of each, and the count before the first that was heard', async () => {
    const notes = dynamoNotes(table, 'fhir', client);
    await notes.heard({ ...note, subscription: 'a', type: 'event-notification', count: '7', events: 2 }, at);
    await notes.heard({ ...note, subscription: 'a', count: '9' }, new Date(NOW + 1000));
    await notes.heard({ ...note, subscription: 'b/#', count: undefined }, at);
    const heard = await readNotes(table, 'fhir', client);
    expect(heard.sort((one, other) => one.subscription.localeCompare(other.subscription))).toEqual([
      {
        subscription: 'a',
        type: 'heartbeat',
        status: 'active',
        isFailing: false,
        count: '9',
        at: '2026-03-01T09:30:01.000Z',
        from: '5',
      },
      {
        subscription: 'b/#',
        type: 'heartbeat',
        status: 'active',
        isFailing: false,
        at: at.toISOString(),
        from: undefined,
      },
    ]);
    expect(await readNotes(table, 'another', client)).toEqual([]);
  });

  it('keep the progress of a poll in the cursor', async () => {
    const cursor = dynamoCursor({ table, source: 'fhir', clock: () => time.now, client });
    await cursor.begin('a', NOW + 1000);
    await cursor.save('a', { progress: '{"7":{}}' });
    expect(await cursor.begin('a', NOW + 1000)).toMatchObject({ progress: '{"7":{}}' });
  });
});

it('keeps the fingerprint of an event, and tells it at the next claim', async () => {
  const ledger = dynamoLedger({ table, windowSeconds: 1000, clock: () => time.now, client });
  await ledger.claim(makeEvent({ fingerprint: 'a.b' }));
  expect(await ledger.claim(makeEvent({ fingerprint: 'c.d' }))).toMatchObject({ known: true, fingerprint: 'a.b' });
});
