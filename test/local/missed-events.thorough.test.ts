import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LEDGER } from '../../lambdas/contract.ts';
import type { PollReport } from '../../lambdas/core/poll/report.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../local/fake-providers/server.ts';
import type { Misbehaviour } from '../../local/fake-providers/misbehaviour.ts';
import { subscriptionOf, withFakeProviders } from '../../local/fake-providers/settings.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';

const BEFORE = new Date(Date.now() - 3_600_000).toISOString();
/** Callbacks by which a test sees the calls under way; each names the function or the request. */
const hooks = { onCall: (): void => undefined, onAnswer: (): void => undefined };
const requests: string[] = [];

let fakes: FakeProviders;
let config: HookgateConfig;
let gateway: LocalGateway;

const start = (port = 0): Promise<LocalGateway> =>
  startGateway({
    ...{ port, config },
    onCall: ({ function: name }) => (name?.endsWith('Poller') ? hooks.onCall() : undefined),
  });

beforeAll(async () => {
  fakes = await startFakeProviders({
    onAnswer({ method, url }) {
      requests.push(`${method} ${url.pathname}${url.search}`);
      hooks.onAnswer();
    },
  });
  const settings = {
    // A message that comes back does so after six times this.
    processor: { timeoutSeconds: 5 },
    sources: {
      optum: { provider: 'optum' },
      nvsep: { provider: 'nvsep', options: { reconcileFrom: BEFORE } },
      // Reads little again, so that the calls of one poll are few.
      'nvsep-small': { provider: 'nvsep', options: { pageSize: 1 } },
    },
  };
  config = resolveConfig(withFakeProviders(settings, fakes.url));
  gateway = await start();
}, 240_000);

afterAll(async () => {
  await gateway.stop();
  await fakes.stop();
}, 120_000);

type Name = 'optum' | 'nvsep' | 'nvsep-small';

const client = (name: Name): SourceClient => SourceClient.of(name, config, gateway.url);
const optumEvents = () => fakes.optum.subscription(subscriptionOf('optum'));
const miss = (body: Buffer): string => fakes.optum.miss(subscriptionOf('optum'), body.toString());
const list = (body: Buffer): void =>
  void fakes.nvsep.entries.push((JSON.parse(body.toString()) as { data: unknown }).data);

async function poll(name: Name): Promise<PollReport> {
  const response = await fetch(`${gateway.url}/_local/missed-events/${name}`, { method: 'POST' });
  expect(response.status).toBe(200);
  return (await response.json()) as PollReport;
}

/** Ids of the things that the published events are about, sorted. */
async function published(name: Name): Promise<string[]> {
  const entries = await client(name).bus();
  return entries
    .map(({ detail: { event } }) => event as { id?: string; data: { id?: string } })
    .map((event) => (name === 'optum' ? event.id : event.data.id) ?? '')
    .sort();
}

const idsOf = (name: Name, bodies: readonly Buffer[]): string[] =>
  bodies
    .map((body) => JSON.parse(body.toString()) as { id: string; data: { id: string } })
    .map(({ id, data }) => (name === 'optum' ? id : data.id))
    .sort();

/** Waits until so many events are published, and the ledger has nothing that is not processed. */
async function settled(name: Name, count: number): Promise<void> {
  await eventually(async () => {
    const events = await client(name).events();
    return events.every(({ status }) => status === 'PROCESSED') && (await published(name)).length >= count;
  }, 120_000);
}

describe('after an outage', () => {
  it('all that was missed is processed once and acknowledged within two polls, and a further one finds nothing', async () => {
    const bodies = {
      optum: Array.from({ length: 500 }, () => client('optum').newEvent()),
      nvsep: Array.from({ length: 200 }, () => client('nvsep').newEvent()),
    };
    const port = Number(new URL(gateway.url).port);
    await gateway.stop();
    // The providers try, and list what they could not deliver.
    for (const body of bodies.optum) {
      await expect(client('optum').deliver(body)).rejects.toThrow('fetch failed');
      miss(body);
    }
    for (const body of bodies.nvsep) {
      await expect(client('nvsep').deliver(body)).rejects.toThrow('fetch failed');
      list(body);
    }
    optumEvents().isOpen = true;
    gateway = await start(port);

    for (const name of ['optum', 'nvsep'] as const) {
      const reports = [await poll(name), await poll(name)];
      expect(reports.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
      const count = bodies[name].length;
      await settled(name, count);
      expect(await published(name)).toEqual(idsOf(name, bodies[name]));
      expect(await poll(name)).toMatchObject({ outcome: 'succeeded', accepted: 0, quarantined: 0, left: 0 });
      const events = await client(name).events();
      expect(events.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'PROCESSED'));
    }
    expect(optumEvents()).toMatchObject({ listed: new Map(), isOpen: false });
    expect(optumEvents().acknowledged).toHaveLength(500);
  }, 240_000);
});

describe.each(['optum', 'nvsep'] as const)('while %s is polled', (name) => {
  it('an event that is delivered at the same time is processed once', async () => {
    const before = await published(name);
    const bodies = Array.from({ length: 20 }, () => client(name).newEvent());
    for (const body of bodies)
      if (name === 'optum') miss(body);
      else list(body);
    const polling = poll(name);
    const answers = await Promise.all(bodies.map((body) => client(name).deliver(body)));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    expect((await polling).outcome).toBe('succeeded');
    await poll(name);
    await settled(name, before.length + 20);
    expect(await published(name)).toEqual([...before, ...idsOf(name, bodies)].sort());
  }, 120_000);
});

describe.each(['optum', 'nvsep-small'] as const)('the poller of %s', (name) => {
  it('may die after any AWS or HTTP call: nothing is lost, nothing processed twice', async () => {
    const poller = `${pascalCase(name)}Poller`;
    while ((await poll(name)).left > 0);
    const known = await client(name).events();
    await settled(name, known.length);
    const before = await published(name);
    const bodies: Buffer[] = [];
    for (let lives = 1; ; lives++) {
      const body = client(name).newEvent();
      bodies.push(body);
      if (name === 'optum') miss(body);
      else list(body);
      let calls = 0;
      // An AWS call is done here and not answered yet; an HTTP call is answered.
      const die = (): void => {
        if (++calls === lives) void gateway.crash(poller);
      };
      hooks.onCall = die;
      hooks.onAnswer = die;
      const report = await poll(name);
      hooks.onCall = () => undefined;
      hooks.onAnswer = () => undefined;
      if (calls < lives) {
        expect(report.outcome).toBe('succeeded');
        break;
      }
      await timePasses(name);
      expect(await poll(name)).toMatchObject({ outcome: 'succeeded', left: 0 });
    }
    expect(bodies.length).toBeGreaterThan(8);
    await settled(name, before.length + bodies.length);
    expect(await published(name)).toEqual([...before, ...idsOf(name, bodies)].sort());
    expect(optumEvents().listed.size).toBe(0);
  }, 240_000);
});

/** The hold of a poll that died ends, as it does when its time is over. */
async function timePasses(source: Name): Promise<void> {
  const aws = new DynamoDBClient(gateway.aws);
  const stack = (await (await fetch(`${gateway.url}/_local/stack`)).json()) as { resources: Record<string, string> };
  await aws.send(
    new UpdateItemCommand({
      TableName: stack.resources.Ledger,
      Key: { [LEDGER.partitionKey]: { S: `cursor#${source}` } },
      UpdateExpression: 'REMOVE leaseUntil, leaseOwner',
    }),
  );
  aws.destroy();
}

describe('the cursor of NVSEP', () => {
  it('survives the function: a new process reads on from it', async () => {
    await poll('nvsep');
    await gateway.crash('NvsepPoller');
    requests.length = 0;
    await poll('nvsep');
    expect(requests[0]).toMatch(/sinceId=exclusion-/);
  });

  it('does not skip an exclusion that comes while a page is read, and is in it', async () => {
    const body = client('nvsep').newEvent();
    const before = await published('nvsep');
    hooks.onAnswer = () => {
      hooks.onAnswer = () => undefined;
      const { data } = JSON.parse(body.toString()) as { data: unknown };
      fakes.nvsep.entries.splice(-150, 0, data);
    };
    await poll('nvsep');
    await poll('nvsep');
    await settled('nvsep', before.length + 1);
    expect(await published('nvsep')).toEqual([...before, ...idsOf('nvsep', [body])].sort());
  }, 120_000);
});

describe('a provider that misbehaves', () => {
  it.each<[string, Misbehaviour]>([
    ['a token that is revoked', { path: 'missed-events', kind: 'status', status: 401 }],
    ['too many requests', { path: 'missed-events', kind: 'status', status: 429, retryAfter: 0 }],
    ['an error of theirs', { path: 'missed-events', kind: 'status', status: 503, retryAfter: 0 }],
  ])('costs nothing with %s', async (_name, rule) => {
    miss(client('optum').newEvent());
    fakes.misbehaviours.add(rule);
    expect(await poll('optum')).toMatchObject({ outcome: 'succeeded', accepted: 1, acknowledged: 1 });
  });

  it.each<[string, Misbehaviour, string]>([
    ['JSON that breaks off', { path: 'missed-events', kind: 'malformed' }, 'list_not_json'],
    ['a page for a list', { path: 'missed-events', kind: 'html' }, 'list_not_json'],
    ['a refusal', { path: 'missed-events', kind: 'status', status: 403 }, 'list_http_403'],
    ['a refused acknowledgement', { path: 'acknowledge', kind: 'status', status: 400 }, 'acknowledge_http_400'],
    ['a circuit that stays open', { path: 'reopen', kind: 'status', status: 409 }, 'reopen_http_409'],
  ])('costs one poll with %s, and no event', async (_name, rule, fault) => {
    const id = miss(client('optum').newEvent());
    fakes.misbehaviours.add(rule);
    expect(await poll('optum')).toMatchObject({ outcome: 'failed', faults: [fault] });
    expect(await poll('optum')).toMatchObject({ outcome: 'succeeded', reopened: true });
    expect(optumEvents().acknowledged).toContain(id);
  });

  it('is read again when an answer is cut off in the middle', async () => {
    miss(client('optum').newEvent());
    fakes.misbehaviours.add({ path: 'missed-events', kind: 'cut' });
    expect(await poll('optum')).toMatchObject({ outcome: 'failed', faults: ['list_network'], accepted: 0 });
    expect(await poll('optum')).toMatchObject({ outcome: 'succeeded' });
    expect(optumEvents().listed.size).toBe(0);
  });

  it('gives no token: the poll says so', async () => {
    await gateway.crash('OptumPoller');
    fakes.misbehaviours.add({ path: '/oauth/token', kind: 'html' });
    expect(await poll('optum')).toMatchObject({ outcome: 'failed', faults: ['list_token_malformed'] });
  });

  it('tells a source without a list so', async () => {
    const response = await fetch(`${gateway.url}/_local/missed-events/nobody`, { method: 'POST' });
    expect(response.status).toBe(400);
  });
});

describe('in the end', () => {
  it('no copy that was still in a queue has been processed', async () => {
    await eventually(async () => {
      const { sources } = await client('optum').queues();
      return Object.values(sources).every(({ visible, inFlight }) => visible + inFlight === 0);
    }, 120_000);
    for (const name of ['optum', 'nvsep', 'nvsep-small'] as const) {
      const ids = await published(name);
      expect(new Set(ids).size).toBe(ids.length);
      const { sources } = await client(name).queues();
      expect(sources[name]?.deadLetters).toBe(0);
    }
  }, 70_000);
});
