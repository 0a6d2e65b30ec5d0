import { BatchWriteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventsList } from '../../../cli/ops/events/list.ts';
import type { Ops } from '../../../cli/ops/ops.ts';
import { keyOf, newItem } from '../../../lambdas/adapters/ledger-item.ts';
import { LEDGER_LIST } from '../../../lambdas/contract.ts';
import type { Status } from '../../../lambdas/core/ports.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { makeEvent } from '../../lambdas/core/in-memory.ts';
import { startLedgerTables } from '../../ledger-tables.ts';
import type { LedgerTables } from '../../ledger-tables.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const EXPIRES = NOW / 1000 + 86_400;
const config = resolveConfig({ sources: { osigu: { provider: 'osigu' }, nabla: { provider: 'nabla' } } });

interface Page {
  readonly events: readonly { readonly source: string; readonly key: string; readonly [name: string]: unknown }[];
  readonly next: string | null;
  readonly searched: number;
}

let tables: LedgerTables;
let table = '';

beforeAll(async () => {
  tables = await startLedgerTables();
  table = await tables.create();
});
afterAll(() => tables.stop());

async function list(input: Record<string, unknown>, name = table): Promise<Page> {
  const gateway = {
    ...{ name: 'local', isLocal: true, output: () => name, resource: () => Promise.resolve('') },
    client: () => tables.client as never,
  };
  const ops = { config, gateway, clock: () => NOW } as unknown as Ops;
  return (await eventsList.run(ops, input)).data as Page;
}

type Item = Record<string, AttributeValue>;

interface Given {
  readonly source?: string;
  readonly key: string;
  readonly ageMs: number;
  readonly status?: Status;
  readonly type?: string;
  readonly more?: Item;
  readonly expires?: number;
}

function itemOf({
  source = 'osigu',
  key,
  ageMs,
  status = 'PROCESSED',
  type = 'a.b',
  more = {},
  expires = EXPIRES,
}: Given): Item {
  const event = makeEvent({ source, key, type, receivedAt: new Date(NOW - ageMs).toISOString() });
  return { ...keyOf(event), ...newItem(event, status, expires), deliveries: { N: '1' }, ...more };
}

async function write(given: readonly Given[], name = table): Promise<void> {
  for (let from = 0; from < given.length; from += 25) {
    const requests = given.slice(from, from + 25).map((each) => ({ PutRequest: { Item: itemOf(each) } }));
    await tables.client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
  }
}

const keysOf = ({ events }: Page): string[] => events.map(({ key }) => key);

async function pages(
  input: Record<string, unknown>,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
  name = table,
) {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page: Page = await list({ ...input, ...(after !== null && { after }) }, name);
    found.push(...keysOf(page));
    after = page.next;
    await meanwhile();
  } while (after !== null);
  return found;
}

describe('the list of events', () => {
  beforeAll(() =>
    write([
      { key: 'waiting', ageMs: 1_000, status: 'QUARANTINED', more: { quarantine: { S: 'replay_suspected' } } },
      { key: 'of nabla', source: 'nabla', ageMs: 2_000, status: 'QUEUED', type: 'c.d' },
      {
        key: 'failed',
        ageMs: 3_000,
        status: 'QUEUED',
        more: { lastFailure: { S: 'Timeout: it hung' }, failures: { N: '2' } },
      },
      { key: 'done', ageMs: 3_600_000, more: { quarantine: { S: 'replay_suspected' } } },
      { key: 'forgotten', ageMs: 4_000, expires: NOW / 1000 - 1 },
    ]),
  );

  it('has the newest first, over all sources or of one, without what the ledger has forgotten', async () => {
    expect(keysOf(await list({}))).toEqual(['waiting', 'of nabla', 'failed', 'done']);
    expect(keysOf(await list({ source: 'nabla' }))).toEqual(['of nabla']);
    const [first] = (await list({ limit: 1 })).events;
    expect(first).toEqual({
      ...{ source: 'osigu', id: expect.stringMatching(/^id:[\da-f]{16}$/), key: 'waiting', type: 'a.b' },
      ...{
        status: 'QUARANTINED',
        reason: 'replay_suspected',
        receivedAt: '2026-11-26T11:59:59.000Z',
        processedAt: null,
      },
      ...{ deliveries: 1, failures: 0 },
    });
  });

  it.each([
    [{ status: 'QUEUED' }, ['of nabla', 'failed']],
    [{ type: 'c.d' }, ['of nabla']],
    // One that has been processed has its reason behind it.
    [{ reason: 'replay_suspected' }, ['waiting']],
    [{ reason: 'Timeout' }, ['failed']],
    [{ since: '1h' }, ['waiting', 'of nabla', 'failed', 'done']],
    [{ since: '59m' }, ['waiting', 'of nabla', 'failed']],
    [{ until: '2026-11-26T11:59:59Z' }, ['of nabla', 'failed', 'done']],
    [{ since: '2026-11-26T11:59:57Z', until: '2026-11-26T11:59:58.001Z' }, ['of nabla', 'failed']],
  ])('by %j', async (input, keys) => {
    expect(keysOf(await list(input))).toEqual(keys);
    expect(await pages({ ...input, limit: 1 })).toEqual(keys);
  });

  it.each([
    [{ source: 'nobody' }, 'There is no source'],
    [{ after: 'made up' }, '--after takes'],
    [{ since: 'yesterday' }, '--since must be a time'],
    [{ since: '1h', until: '2h' }, '--since is not before'],
  ])('refuses %j', async (input, message) => {
    await expect(list(input)).rejects.toThrow(message);
  });

  it('says what to do about a ledger without an index', async () => {
    const { client } = tables;
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === 'QueryCommand') (args.input as { IndexName: string }).IndexName = 'none';
        return next(args);
      },
      { name: 'noIndex', step: 'initialize' },
    );
    await expect(list({})).rejects.toThrow('deploy this version of the gateway');
    client.middlewareStack.remove('noIndex');
  });

  it('holds keys alone: nothing of an event is in the index', async () => {
    const [shard = ''] = LEDGER_LIST.shardsOf('osigu');
    const names = new Set<string>();
    for (const name of LEDGER_LIST.shardsOf(shard.split('#')[0] ?? '')) {
      const query = { TableName: table, IndexName: LEDGER_LIST.index, KeyConditionExpression: 'listShard = :shard' };
      const { Items = [] } = await tables.client.send(
        new QueryCommand({ ...query, ExpressionAttributeValues: { ':shard': { S: name } } }),
      );
      for (const item of Items) for (const attribute of Object.keys(item)) names.add(attribute);
    }
    expect([...names].sort()).toEqual(['listShard', 'listedAt', 'pk']);
  });
});

/**
 * `HOOKGATE_EVENTS=100000` tries a large ledger: to write so many takes longer than every other suite. The browser's tests page
 * through as many.
 */
const COUNT = Number(process.env.HOOKGATE_EVENTS ?? 20_000);

describe(`${COUNT} events`, () => {
  let many = '';
  const event = (index: number): Given => ({
    key: `evt_${index}`,
    ageMs: index * 100,
    ...(index % 1000 === 0 && { status: 'QUEUED' }),
  });

  beforeAll(async () => {
    many = await tables.create();
    await write(
      Array.from({ length: COUNT }, (_, index) => event(index)),
      many,
    );
  }, 120_000);

  it('show their first page within 300 ms', async () => {
    const times: number[] = [];
    // Whatever else the machine does makes a look slower: the fastest of some says how long the list itself takes.
    for (let looks = 0; looks < 10; looks++) {
      const started = performance.now();
      const page = await list({ source: 'osigu' }, many);
      times.push(performance.now() - started);
      expect(keysOf(page)).toEqual(Array.from({ length: 50 }, (_, index) => `evt_${index}`));
    }
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it('are paged without holes or repeats while events arrive', async () => {
    let arrived = 0;
    const arrive = () => write([{ key: `new_${++arrived}`, ageMs: -arrived }], many);
    const keys = await pages({ source: 'osigu', since: '20m', limit: 1000 }, arrive, many);
    expect(keys).toEqual(Array.from({ length: 12_001 }, (_, index) => `evt_${index}`));
    expect(arrived).toBeGreaterThan(10);
  });

  it('are searched in bounded steps, and none that a filter wants is left out', async () => {
    const page = await list(
      { source: 'osigu', status: 'QUEUED', limit: 100, since: '20m', until: new Date(NOW + 1).toISOString() },
      many,
    );
    expect(page.searched).toBe(5_000);
    expect(page.next).not.toBeNull();
    const found = await pages(
      { source: 'osigu', status: 'QUEUED', since: '20m', until: new Date(NOW + 1).toISOString() },
      undefined,
      many,
    );
    expect(found).toEqual(Array.from({ length: 13 }, (_, index) => `evt_${index * 1000}`));
  });
});
