import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dynamoLedger } from '../../../lambdas/adapters/ledger.ts';
import type { Ledger } from '../../../lambdas/core/ports.ts';
import { makeEvent } from '../core/in-memory.ts';
import { startLedgerTables } from '../../ledger-tables.ts';
import type { LedgerTables } from '../../ledger-tables.ts';

const WINDOW_SECONDS = 1000;
const LEASE_MS = 35_000;
const PLACE = 'archive/osigu/2026/01/02/03/request.jsonl.gz';
const lease = (owner: string, until: number) => ({ owner, until, archivedIn: `${PLACE}.${owner}` });

describe('the ledger on DynamoDB', () => {
  let tables: LedgerTables;
  let table = '';
  const time = { now: 0 };
  let client: DynamoDBClient;
  let ledger: Ledger;
  let calls: string[] = [];

  beforeAll(async () => {
    tables = await startLedgerTables();
    ({ client } = tables);
    client.middlewareStack.add((next, context) => (args) => {
      calls.push(String(context.commandName));
      return next(args);
    });
  });

  beforeEach(async () => {
    time.now = Date.parse('2026-01-02T03:04:05.678Z');
    table = await tables.create();
    ledger = dynamoLedger({ table, windowSeconds: WINDOW_SECONDS, clock: () => time.now, client });
    calls = [];
  });

  afterAll(() => tables.stop());

  const item = async () => {
    const { Items: items } = await client.send(new ScanCommand({ TableName: table }));
    expect(items).toHaveLength(1);
    return items?.[0];
  };
  const status = async () => (await item())?.status?.S;

  it('writes one item an event, with all that the operator needs and a TTL', async () => {
    expect(await ledger.claim(makeEvent())).toEqual({ known: false });
    expect(await item()).toEqual({
      pk: { S: 'event#osigu#evt_1' },
      ...{ source: { S: 'osigu' }, eventKey: { S: 'evt_1' }, eventType: { S: 'authorization.created' } },
      ...{ status: { S: 'PENDING' }, via: { S: 'webhook' }, deliveries: { N: '1' } },
      bodyHash: { S: makeEvent().bodyHash },
      ...{ secretLabel: { S: 'current' }, secretVersionId: { S: 'v0' } },
      ...{ firstReceivedAt: { S: makeEvent().receivedAt }, lastReceivedAt: { S: makeEvent().receivedAt } },
      expiresAt: { N: String(Math.floor(time.now / 1000) + WINDOW_SECONDS) },
      ...{ listShard: { S: expect.stringMatching(/^osigu#[0-7]$/) } },
      listedAt: { S: expect.stringMatching(new RegExp(`^${makeEvent().receivedAt}#[0-9a-f]{16}$`)) },
    });
  });

  it('writes the index once: no later step changes what is in it', async () => {
    await ledger.claim(makeEvent());
    const placed = async () => {
      const { pk, listShard, listedAt } = (await item()) ?? {};
      return { pk, listShard, listedAt };
    };
    const first = await placed();
    time.now += 5_000;
    await ledger.claim(makeEvent({ receivedAt: new Date(time.now).toISOString() }));
    await ledger.markQueued(makeEvent());
    await ledger.lease(makeEvent(), lease('one', time.now + LEASE_MS));
    await ledger.noteFailure(makeEvent(), 'one', 'no');
    await ledger.lease(makeEvent(), lease('two', time.now + LEASE_MS));
    await ledger.markProcessed(makeEvent(), { owner: 'two', archivedIn: PLACE });
    expect(await placed()).toEqual(first);
  });

  it('remembers a known event for another window, if the claim says so', async () => {
    const expiry = async (): Promise<number> => Number((await item())?.expiresAt?.N);
    await ledger.claim(makeEvent());
    const first = await expiry();
    time.now += 5_000;
    await ledger.claim(makeEvent());
    expect(await expiry()).toBe(first);
    await ledger.claim(makeEvent(), { prolongs: true });
    expect(await expiry()).toBe(first + 5);
    expect(await ledger.claim(makeEvent({ key: 'new' }), { prolongs: true })).toEqual({ known: false });
  });

  it('keeps what is the same in each attempt, and binds a body by it', async () => {
    const [first, again] = [1, 2].map((attempt) =>
      makeEvent({ body: Buffer.from(`{"attempt":${attempt}}`), fingerprint: 'a'.repeat(64) }),
    );
    if (!first || !again) throw new Error('no events');
    await ledger.claim(first);
    expect(await ledger.claim(again)).toMatchObject({ bodyHash: first.bodyHash, fingerprint: first.fingerprint });
    await ledger.bindBody(first);
    expect(await ledger.bindBody({ ...again, key: 'made up' })).toEqual({ key: first.key });
    expect(await ledger.boundKey({ ...again, key: 'left out', keyKind: 'body-hash' })).toEqual({ key: first.key });
  });

  it('reads what a body is bound to without binding it, and not once it has expired', async () => {
    calls = [];
    expect(await ledger.boundKey(makeEvent())).toBeUndefined();
    expect(await ledger.boundKey(makeEvent())).toBeUndefined();
    expect(calls).toEqual(['GetItemCommand', 'GetItemCommand']);
    await ledger.bindBody(makeEvent());
    expect(await ledger.boundKey(makeEvent({ key: 'other' }))).toEqual({ key: makeEvent().key });
    time.now += (2 * WINDOW_SECONDS + 1) * 1000;
    expect(await ledger.boundKey(makeEvent())).toBeUndefined();
  });

  it('counts a known delivery with one call, and keeps what the first one wrote', async () => {
    await ledger.claim(makeEvent());
    calls = [];
    const later = makeEvent({ receivedAt: '2026-01-02T04:00:00.000Z', via: 'poll', body: Buffer.from('other') });
    expect(await ledger.claim(later)).toEqual({
      ...{ known: true, status: 'PENDING', via: 'webhook', type: makeEvent().type, deliveries: 1 },
      bodyHash: makeEvent().bodyHash,
    });
    expect(calls).toEqual(['UpdateItemCommand']);
    expect(await item()).toMatchObject({
      ...{ deliveries: { N: '2' }, via: { S: 'webhook' }, bodyHash: { S: makeEvent().bodyHash } },
      ...{ firstReceivedAt: { S: makeEvent().receivedAt }, lastReceivedAt: { S: later.receivedAt } },
    });
  });

  it('lets one of fifty claims at once be the first', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => ledger.claim(makeEvent())));
    expect(outcomes.filter(({ known }) => !known)).toHaveLength(1);
    expect(await item()).toMatchObject({ deliveries: { N: '50' } });
  });

  it('takes an item past its expiry for none, and lets one of many claims replace it', async () => {
    await ledger.claim(makeEvent());
    await ledger.markQueued(makeEvent());
    await ledger.markProcessed(makeEvent(), { owner: 'a', archivedIn: PLACE });
    time.now += WINDOW_SECONDS * 1000;
    expect(await ledger.claim(makeEvent())).toMatchObject({ known: true, status: 'PROCESSED' });
    time.now += 1000;
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => ledger.claim(makeEvent())));
    expect(outcomes.filter(({ known }) => !known)).toHaveLength(1);
    expect(await item()).toMatchObject({ status: { S: 'PENDING' }, deliveries: { N: '10' } });
    expect(await item()).not.toHaveProperty('processedAt');
  });

  it('remembers why an event was quarantined', async () => {
    await ledger.claim(makeEvent({ quarantine: 'wrong_environment' }));
    expect(await ledger.claim(makeEvent())).toMatchObject({ quarantine: 'wrong_environment' });
  });

  it('moves the status forward only', async () => {
    await ledger.claim(makeEvent());
    await ledger.markQueued(makeEvent());
    expect(await status()).toBe('QUEUED');
    await ledger.markQuarantined(makeEvent());
    expect(await status()).toBe('QUEUED');
    await ledger.markProcessed(makeEvent(), { owner: 'a', archivedIn: PLACE });
    expect(await status()).toBe('PROCESSED');
    await ledger.markQueued(makeEvent());
    expect(await status()).toBe('PROCESSED');
    expect(await item()).toMatchObject({
      processedAt: { S: new Date(time.now).toISOString() },
      archivedIn: { S: PLACE },
    });
  });

  it('leases an event to one processor until the lease is over', async () => {
    await ledger.claim(makeEvent());
    const until = time.now + LEASE_MS;
    const takers = ['a', 'b', 'c', 'd'].map((owner) => ledger.lease(makeEvent(), lease(owner, until)));
    expect((await Promise.all(takers)).sort()).toEqual(['busy', 'busy', 'busy', 'taken']);
    time.now = until;
    expect(await ledger.lease(makeEvent(), lease('e', time.now + LEASE_MS))).toBe('busy');
    time.now += 1;
    expect(await ledger.lease(makeEvent(), lease('e', time.now + LEASE_MS))).toBe('taken');
  });

  it('gives a lease to the same owner again: its first answer may have been lost', async () => {
    await ledger.claim(makeEvent());
    await ledger.lease(makeEvent(), lease('a', time.now + LEASE_MS));
    expect(await item()).toMatchObject({ archivedIn: { S: `${PLACE}.a` } });
    expect(await ledger.lease(makeEvent(), lease('a', time.now + LEASE_MS))).toBe('taken');
  });

  it('does not lease what is processed or quarantined', async () => {
    await ledger.claim(makeEvent());
    await ledger.markQuarantined(makeEvent());
    expect(await ledger.lease(makeEvent(), lease('a', time.now))).toBe('quarantined');
    const other = makeEvent({ key: 'evt_2' });
    await ledger.lease(other, lease('a', time.now));
    await ledger.markProcessed(other, { owner: 'a', archivedIn: PLACE });
    expect(await ledger.lease(other, lease('b', time.now))).toBe('processed');
  });

  it('carries every order out once, also when its message comes again after another order', async () => {
    const at = new Date(time.now).toISOString();
    const ordered = ['order-1', 'order-2'].map((id) => ({ ...makeEvent(), replay: { id, at, by: 'alice@desk' } }));
    for (const event of [makeEvent(), ...ordered]) {
      expect(await ledger.lease(event, lease('a', time.now + LEASE_MS))).toBe('taken');
      await ledger.markProcessed(event, { owner: 'a', archivedIn: PLACE, order: event.replay });
    }
    for (const event of [makeEvent(), ...ordered])
      expect(await ledger.lease(event, lease('b', time.now + LEASE_MS))).toBe('processed');
    expect((await item())?.replayIds?.SS?.toSorted()).toEqual(['order-1', 'order-2']);
  });

  it('is not told by a mark that comes late that another owner is done', async () => {
    await ledger.lease(makeEvent(), lease('a', time.now + LEASE_MS));
    await ledger.noteFailure(makeEvent(), 'a', 'TimeoutError');
    await ledger.lease(makeEvent(), lease('b', time.now + LEASE_MS));
    await ledger.markProcessed(makeEvent(), { owner: 'a', archivedIn: PLACE });
    expect(await item()).toMatchObject({ status: { S: 'QUEUED' }, leaseOwner: { S: 'b' } });
    await ledger.markProcessed(makeEvent(), { owner: 'b', archivedIn: PLACE });
    expect(await status()).toBe('PROCESSED');
  });

  it('keeps the last ten failed tries, each with its time and reason', async () => {
    for (let receives = 1; receives <= 12; receives++) {
      await ledger.lease(makeEvent(), lease('a', time.now + LEASE_MS));
      await ledger.noteFailure(makeEvent(), 'a', `Failure${receives}`, true, receives);
      time.now += 1000;
    }
    const kept = Object.entries((await item()) ?? {}).flatMap(([name, value]) =>
      /^try\d$/.test(name) ? [value.S] : [],
    );
    const reasons = kept
      .map((text) => text?.split(' ')[1])
      .toSorted((a = '', b = '') => a.localeCompare(b, 'en', { numeric: true }));
    expect(reasons).toEqual(Array.from({ length: 10 }, (_, index) => `Failure${index + 3}`));
    expect(await item()).toMatchObject({ lastFailure: { S: 'Failure12' }, failures: { N: '12' } });
  });

  it('remembers what it leases for another window, so that it is not forgotten while it is processed', async () => {
    await ledger.claim(makeEvent());
    time.now += WINDOW_SECONDS * 1000 + 5000;
    expect(await ledger.lease(makeEvent(), lease('a', time.now + LEASE_MS))).toBe('taken');
    expect(await item()).toMatchObject({ expiresAt: { N: String(Math.floor(time.now / 1000) + WINDOW_SECONDS) } });
  });

  it('leases an event that it has forgotten, and writes it anew', async () => {
    expect(await ledger.lease(makeEvent(), lease('a', time.now))).toBe('taken');
    expect(await item()).toMatchObject({ status: { S: 'QUEUED' }, eventKey: { S: 'evt_1' } });
  });
});
