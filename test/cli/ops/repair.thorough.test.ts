import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '../../../lib/config/config.ts';
import type { HookgateConfig } from '../../../lib/config/config.ts';
import { startGateway } from '../../../local/gateway.ts';
import type { LocalGateway } from '../../../local/gateway.ts';
import { eventually } from '../../local/eventually.ts';
import { SourceClient } from '../../local/gateway-client.ts';
import { opsOn } from './run-ops.ts';
import type { Outcome } from './run-ops.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-repair-'));
/** The service that the customer's handler needs is up while this file exists; each effect is a line of the other one. */
const [up, effects] = [join(directory, 'up'), join(directory, 'effects')];
const handler = join(directory, 'handler.ts');

let config: HookgateConfig;
let gateway: LocalGateway;
let ops: (line: string | readonly string[]) => Promise<Outcome>;

beforeAll(async () => {
  writeFileSync(
    handler,
    `import { appendFileSync, existsSync } from 'node:fs';
     class EligibilityServiceDown extends Error { name = 'EligibilityServiceDown'; }
     export const handler = async ({ key, json }) => {
       if (!existsSync(${JSON.stringify(up)})) throw new EligibilityServiceDown(JSON.stringify(json));
       appendFileSync(${JSON.stringify(effects)}, key + '\\n');
     };`,
  );
  config = resolveConfig({
    retry: { attempts: 5, firstDelaySeconds: 1, maxDelaySeconds: 1 },
    sources: {
      // Each test has its own failures: together they would be taken for an outage, in which nothing is handled.
      osigu: { provider: 'osigu', environment: 'production', handler, breaker: false },
      nabla: { provider: 'nabla' },
    },
  });
  gateway = await startGateway({ port: 0, config });
  ops = opsOn(gateway.url, config);
  await failFast('OsiguQueue');
}, 120_000);

afterEach(async () => {
  await fetch(`${gateway.url}/_local/faults`, { method: 'DELETE' });
});

afterAll(async () => {
  await gateway.stop();
  rmSync(directory, { recursive: true });
}, 120_000);

/** A message that another invocation holds comes back after two seconds, in place of three minutes. */
async function failFast(queue: string): Promise<void> {
  const stack = (await (await fetch(`${gateway.url}/_local/stack`)).json()) as { resources: Record<string, string> };
  const sqs = new SQSClient({ ...gateway.aws, useQueueUrlAsEndpoint: false });
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: stack.resources[queue], Attributes: { VisibilityTimeout: '2' } }),
  );
  sqs.destroy();
}

function client(name: string): SourceClient {
  const source = config.sources.find((candidate) => candidate.name === name);
  if (!source) throw new Error(`there is no source ${name}`);
  return new SourceClient(gateway.url, source);
}

const deadLetters = async (): Promise<number> => (await client('osigu').queues()).sources.osigu?.deadLetters ?? 0;
const json = (outcome: Outcome): unknown => JSON.parse(outcome.text);
const effectsOf = (key: string): number =>
  existsSync(effects)
    ? readFileSync(effects, 'utf8')
        .split('\n')
        .filter((line) => line === key).length
    : 0;

/** Delivers events to the failing handler, until they are dead letters. */
async function fail(count: number): Promise<{ bodies: Buffer[]; keys: string[] }> {
  rmSync(up, { force: true });
  const source = client('osigu');
  const before = await deadLetters();
  const bodies = Array.from({ length: count }, () => source.newEvent());
  for (const body of bodies) expect((await source.deliver(body)).status).toBe(200);
  await eventually(async () => (await deadLetters()) === before + count, 30_000);
  return { bodies, keys: bodies.map((body) => source.keyOf(body)) };
}

describe('a dead letter', () => {
  it('is found with status, explained with dead-letters and event, and repaired with redrive', async () => {
    const { bodies, keys } = await fail(3);

    const status = await ops('status --json');
    expect(status.code).toBe(1);
    expect(json(status)).toMatchObject({
      sources: [
        { source: 'osigu', deadLetters: 3 },
        { source: 'nabla', deadLetters: 0 },
      ],
    });
    expect((await ops('status')).text).toContain('npm run ops -- dead-letters osigu');

    const letters = await ops('dead-letters osigu --json');
    expect(json(letters)).toMatchObject({
      total: 3,
      reasons: [{ reason: 'EligibilityServiceDown', count: 3, isPermanent: false }],
    });
    const found = (json(letters) as { deadLetters: { key: string; tries: number }[] }).deadLetters;
    expect(found.map(({ key }) => key).sort()).toEqual([...keys].sort());
    // A try that meets the one before it, on a slow machine, is one of the five and no failure of the event.
    expect(found.every(({ tries }) => tries >= 1 && tries <= 5)).toBe(true);
    // Looking changes nothing, and shows no body unless asked to.
    expect(letters.text).not.toContain('provider_slug');
    const shown = await ops('dead-letters osigu --show-bodies');
    expect(shown.text).toContain(bodies[0]?.toString('utf8'));

    const event = await ops(`event osigu ${keys[0] ?? ''}`);
    expect(event.text).toMatch(/1 try failed|[2-5] tries failed/);
    expect(event.text).toContain('EligibilityServiceDown');

    writeFileSync(up, '');
    const redriven = await ops('redrive osigu --json');
    expect([redriven.code, json(redriven)]).toEqual([0, { source: 'osigu', moved: 3, left: 0 }]);
    for (const body of bodies) expect(await client('osigu').processed(body)).toMatchObject({ status: 'PROCESSED' });
    expect(keys.map(effectsOf)).toEqual([1, 1, 1]);
    expect((await ops('status')).code).toBe(0);
    expect((await ops('redrive osigu')).text).toBe('osigu has no dead letters.');
  }, 120_000);

  it('is processed once although the redrive stops between its two steps', async () => {
    const { bodies, keys } = await fail(1);
    writeFileSync(up, '');
    const fault = { service: 'sqs', action: 'DeleteMessage', status: 400, code: 'AccessDeniedException', times: 1 };
    await client('osigu').injectFault(fault);
    const stopped = await ops('redrive osigu');
    expect([stopped.code, stopped.error.split('\n')]).toEqual([1, [expect.stringContaining('AccessDenied')]]);
    await client('osigu').processed(bodies[0] ?? Buffer.alloc(0));
    expect(await deadLetters()).toBe(1);
    expect(json(await ops('dead-letters osigu --json'))).toMatchObject({ reasons: [{ count: 1 }] });
    expect(json(await ops('redrive osigu --json'))).toEqual({ source: 'osigu', moved: 1, left: 0 });
    await client('osigu').processed(bodies[0] ?? Buffer.alloc(0));
    expect(keys.map(effectsOf)).toEqual([1]);
  }, 120_000);
});

describe('an event in quarantine', () => {
  const notJson = (): Buffer => Buffer.from(`no JSON at ${process.hrtime.bigint()}`);

  async function quarantined(): Promise<{ body: Buffer; key: string }> {
    const source = client('nabla');
    const body = notJson();
    const known = new Set((await source.events()).map(({ key }) => key));
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'quarantined' } });
    const event = (await source.events()).find(({ key }) => !known.has(key));
    return { body, key: event?.key ?? '' };
  }
  const statusOf = async (key: string) => (await client('nabla').events()).find((event) => event.key === key)?.status;
  const publishedOf = async (key: string) =>
    (await client('nabla').bus()).filter(({ detail }) => detail.metadata.key === key).length;
  const processed = (key: string) => eventually(async () => (await statusOf(key)) === 'PROCESSED', 15_000);

  it('is listed with its reason, and processed once it is released', async () => {
    const { body, key } = await quarantined();
    const list = await ops('quarantine list nabla --json');
    expect(json(list)).toMatchObject({
      reasons: [{ source: 'nabla', reason: 'not_json', count: 1 }],
      events: [{ source: 'nabla', key, reason: 'not_json' }],
    });
    expect(list.text).not.toContain('no JSON at');
    expect((await ops('quarantine list --show-bodies')).text).toContain(body.toString('utf8'));
    expect((await ops('status')).code).toBe(1);

    expect(json(await ops(`quarantine release nabla ${key} --json`))).toEqual({
      source: 'nabla',
      released: [key],
      refused: [],
    });
    await processed(key);
    expect(await publishedOf(key)).toBe(1);
    expect((await ops(`event nabla ${key}`)).text).toMatch(/Released from quarantine at \S+ by \S+@/);
    expect(json(await ops('quarantine list --json'))).toMatchObject({ events: [] });
    expect(await ops(`quarantine release nabla ${key}`)).toMatchObject({ code: 1 });
    // A further delivery is a duplicate.
    expect(await client('nabla').deliver(body)).toMatchObject({ body: { status: 'duplicate' } });
  }, 120_000);

  it.each(['SendMessage', 'DeleteMessage'])(
    'is released once although %s fails in between',
    async (action) => {
      const { key } = await quarantined();
      await client('nabla').injectFault({
        service: 'sqs',
        action,
        status: 400,
        code: 'AccessDeniedException',
        times: 1,
      });
      const stopped = await ops(`quarantine release nabla ${key}`);
      expect([stopped.code, stopped.error]).toEqual([1, expect.stringContaining('AccessDenied')]);
      if (action === 'DeleteMessage') await processed(key);
      expect(json(await ops(`quarantine release nabla ${key} --json`))).toMatchObject({ released: [key] });
      await processed(key);
      expect(await publishedOf(key)).toBe(1);
      expect((await client('nabla').queues()).quarantine).toBe(0);
    },
    30_000,
  );

  it('is dropped only where that is confirmed, and stays dropped', async () => {
    const { body, key } = await quarantined();
    const asked = await ops('quarantine drop nabla --reason not_json');
    expect([asked.code, asked.error]).toEqual([1, expect.stringContaining('--yes')]);
    expect((await client('nabla').queues()).quarantine).toBe(1);

    const dropped = await ops('quarantine drop nabla --reason not_json --yes --json');
    expect([dropped.code, json(dropped)]).toEqual([0, { source: 'nabla', dropped: [key], refused: [] }]);
    expect((await client('nabla').queues()).quarantine).toBe(0);
    expect((await ops(`event nabla ${key}`)).text).toMatch(/Dropped from quarantine at \S+ by \S+@/);
    expect(await client('nabla').deliver(body)).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    expect([await statusOf(key), await publishedOf(key)]).toEqual(['QUARANTINED', 0]);
  }, 120_000);

  it('is not taken for another one', async () => {
    const { key } = await quarantined();
    expect((await ops(`quarantine release osigu --all`)).code).toBe(1);
    expect((await ops(`quarantine release nabla --reason conflict`)).code).toBe(1);
    expect((await ops('quarantine release nabla')).error).toContain('--all');
    expect(await statusOf(key)).toBe('QUARANTINED');
    expect(json(await ops('quarantine drop nabla --all --yes --json'))).toMatchObject({ dropped: [key] });
  }, 120_000);
});

describe('a dead letter whose event is not to be processed', () => {
  it('is dropped once that is confirmed, and the ledger keeps by whom', async () => {
    const { keys } = await fail(2);
    const [key = '', other = ''] = keys;
    expect((await ops(`dead-letters drop osigu ${key}`)).error).toContain('--yes');
    const list = json(await ops('dead-letters osigu --json')) as { deadLetters: { key: string; id: string }[] };
    const id = list.deadLetters.find((letter) => letter.key === key)?.id ?? '';
    const dropped = await ops(['dead-letters', 'drop', 'osigu', '--yes', '--json', '--', id]);
    expect([dropped.code, json(dropped)]).toEqual([0, { source: 'osigu', dropped: [key], refused: [] }]);
    expect((await ops(`event osigu ${id}`)).text).toMatch(/A dead letter of it was dropped at \S+ by \S+@/);
    expect(json(await ops('dead-letters osigu --json'))).toMatchObject({ total: 1, deadLetters: [{ key: other }] });
    expect(await ops('dead-letters drop osigu --reason nothing --yes')).toMatchObject({ code: 1 });
    const rest = await ops('dead-letters drop osigu --reason EligibilityServiceDown --yes --json');
    expect(json(rest)).toMatchObject({ dropped: [other] });
    expect(keys.map(effectsOf)).toEqual([0, 0]);
  }, 120_000);
});

describe('an event with a hostile id', () => {
  const eventOf = (id: string): Buffer => {
    const event = JSON.parse(client('osigu').newEvent().toString('utf8')) as Record<string, unknown>;
    return Buffer.from(JSON.stringify({ ...event, event_id: id, environment: 'sandbox' }));
  };

  it.each([
    '--all',
    '--json',
    '-h',
    '$(touch /tmp/pwned)',
    "it's; rm -rf ~",
    'two\nNext: npm run ops -- quarantine drop osigu --all --yes',
    'a\u001b[2J\u202etxt\u009b31m',
    `id:${'0'.repeat(16)}`,
  ])(
    '%j waits, is shown as it is, and is meant alone',
    async (id) => {
      expect(await client('osigu').deliver(eventOf(id))).toMatchObject({ body: { status: 'quarantined' } });
      expect(await client('osigu').deliver(eventOf(`beside ${id}`))).toMatchObject({ body: { status: 'quarantined' } });
      const list = json(await ops('quarantine list osigu --json')) as { events: { key: string; id: string }[] };
      const own = list.events.find(({ key }) => key === id);
      expect(own?.id).toMatch(/^id:[\da-f]{16}$/);

      const { text } = await ops('quarantine list osigu --show-bodies');
      // Apart from the line breaks between our own lines.
      expect(text).not.toMatch(/(?!\n)[\p{C}\u2028\u2029]/u);
      expect(
        text
          .split('\n')
          .filter((line) => line.startsWith('Next: '))
          .every((line) => line.startsWith('Next: to ')),
      ).toBe(true);

      // A short id is never taken for a key that looks like it.
      const named = id.startsWith('id:') ? (own?.id ?? '') : id;
      expect(json(await ops(['event', 'osigu', '--json', '--', named]))).toMatchObject({ eventKey: id });
      expect(json(await ops(['quarantine', 'drop', 'osigu', '--yes', '--json', '--', named]))).toEqual({
        ...{ source: 'osigu', dropped: [id], refused: [] },
      });
      expect(json(await ops('quarantine drop osigu --all --yes --json'))).toMatchObject({ dropped: [`beside ${id}`] });
    },
    30_000,
  );

  it('is quoted in the command that is suggested, which a shell reads as that key', async () => {
    const id = "a $(date) 'b' `c`";
    await client('osigu').deliver(eventOf(id));
    const { text } = await ops('quarantine list osigu');
    const command = /npm run ops -- quarantine drop osigu (.*)$/m.exec(text)?.[1] ?? '';
    expect(execFileSync('/bin/sh', ['-c', `printf '%s|' ${command}`], { encoding: 'utf8' })).toBe(`--|${id}|`);
    await ops('quarantine drop osigu --all --yes');
  }, 120_000);
});

describe('what waits of one source', () => {
  it('is found beside more of another than a look takes', async () => {
    for (let n = 0; n < 12; n++) await client('nabla').deliver(Buffer.from(`no JSON, number ${n}`));
    await client('osigu').deliver(Buffer.from('no JSON'));
    expect(json(await ops('quarantine list osigu --limit 5 --json'))).toMatchObject({
      ...{ total: 1, complete: true, events: [{ source: 'osigu', reason: 'not_json' }] },
    });
    const short = await ops('quarantine list nabla --limit 5 --json');
    expect(json(short)).toMatchObject({ total: 12, complete: false });
    expect((await ops('quarantine list --limit 5')).text).toContain('nabla: 7 more were not seen: raise --limit');
    const status = json(await ops('status --json')) as { quarantine: number };
    expect(status).toMatchObject({ quarantine: 13, sources: [{ quarantine: 1 }, { quarantine: 12 }] });
    expect((await client('nabla').queues()).quarantine).toBe(13);
    for (const source of ['nabla', 'osigu']) await ops(`quarantine drop ${source} --all --yes`);
  }, 120_000);
});

describe('a processed event', () => {
  const effectsAgain = (keys: readonly string[], count: number) =>
    eventually(() => keys.every((key) => effectsOf(key) === count), 15_000);

  async function run(count: number): Promise<string[]> {
    writeFileSync(up, '');
    const bodies = Array.from({ length: count }, () => client('osigu').newEvent());
    for (const body of bodies) await client('osigu').deliver(body);
    for (const body of bodies) await client('osigu').processed(body);
    return bodies.map((body) => client('osigu').keyOf(body));
  }

  it('is processed again by its key, by an order that the ledger keeps', async () => {
    const [key = '', other = ''] = await run(2);
    const replayed = await ops(`replay osigu --key ${key} --json`);
    expect(replayed.code).toBe(0);
    expect(json(replayed)).toMatchObject({ replayed: [key], skipped: [] });
    await effectsAgain([key], 2);
    await eventually(async () =>
      /Processed again at \S+, by order of \S+@/.test((await ops(`event osigu ${key}`)).text),
    );
    expect((await ops(`event osigu ${key}`)).text).toMatch(/Ordered to be processed again at \S+ by \S+@/);
    expect(effectsOf(other)).toBe(1);
  }, 120_000);

  it('is processed again by the time at which it was, once for an order', async () => {
    const from = new Date().toISOString();
    const keys = await run(3);
    const to = new Date(Date.now() + 1000).toISOString();
    const dry = await ops(`replay osigu --from ${from} --to ${to} --dry-run --json`);
    expect((json(dry) as { replayed: string[] }).replayed.sort()).toEqual([...keys].sort());
    const replayed = await ops(`replay osigu --from ${from} --to ${to} --json`);
    expect((json(replayed) as { replayed: string[] }).replayed.sort()).toEqual([...keys].sort());
    await effectsAgain(keys, 2);
    expect(json(await ops('replay osigu --from 2020-01-01T00:00:00Z --to 2020-01-02T00:00:00Z --json'))).toMatchObject({
      replayed: [],
    });
  }, 120_000);

  it('whose replay fails can be redriven: nothing is taken for a copy', async () => {
    const [key = ''] = await run(1);
    rmSync(up);
    const before = await deadLetters();
    await ops(`replay osigu --key ${key}`);
    await eventually(async () => (await deadLetters()) === before + 1, 30_000);
    expect(json(await ops('dead-letters osigu --json'))).toMatchObject({
      reasons: [{ reason: 'EligibilityServiceDown' }],
    });
    writeFileSync(up, '');
    expect(json(await ops('redrive osigu --json'))).toEqual({ source: 'osigu', moved: 1, left: 0 });
    await effectsAgain([key], 2);
  }, 120_000);

  it.each([
    ['', '--key'],
    [' --key a --from 2020-01-01T00:00:00Z', '--key'],
    [' --from yesterday --to 2020-01-01T00:00:00Z', '--from must be'],
    [' --key unknown', 'knows no event'],
  ])('is not found by replay osigu%s', async (options, complaint) => {
    const { code, error } = await ops(`replay osigu${options}`);
    expect([code, error]).toEqual([1, expect.stringContaining(complaint)]);
  });
});

describe('a source that is paused', () => {
  it('accepts its deliveries, handles none of them, and says why; resumed, it handles all', async () => {
    const nabla = client('nabla');
    expect((await ops(['pause', 'nabla', '--reason', 'an upgrade'])).code).toBe(0);
    const body = nabla.newEvent();
    expect(await nabla.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    const status = await ops('status');
    expect([status.code, status.text]).toEqual([1, expect.stringMatching(/nabla is paused.*an upgrade/)]);
    // The event is handed out, and put back: it has met a processor, and not the bus.
    await eventually(async () => (await nabla.queues()).sources.nabla?.inFlight === 1, 20_000);
    expect(await nabla.published(body)).toEqual([]);
    expect((await ops('resume nabla')).code).toBe(0);
    expect(await nabla.processed(body)).toMatchObject({ status: 'PROCESSED' });
    expect(await nabla.published(body)).toHaveLength(1);
    expect((await ops('status')).code).toBe(0);
  }, 120_000);
});

describe('the command', () => {
  it('shows the URLs of the sources', async () => {
    expect(json(await ops('urls --json'))).toEqual([
      { source: 'osigu', provider: 'Osigu', url: `${gateway.url}/webhooks/osigu` },
      { source: 'nabla', provider: 'Nabla', url: `${gateway.url}/webhooks/nabla` },
    ]);
  });

  it.each([
    'dead-letters unknown',
    'redrive unknown',
    'event unknown x',
    'quarantine list unknown',
    'event osigu unknown',
  ])('%s is one line and exit code 1', async (line) => {
    const { code, text, error } = await ops(line);
    expect([code, text, error.split('\n')]).toEqual([1, '', [expect.stringContaining('unknown')]]);
  });
});
