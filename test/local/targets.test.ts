import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { close, listen, readBody } from '../../local/http.ts';
import { opsOn } from '../cli/ops/run-ops.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';

/*
 * One gateway with every kind of target, and a receiver of the HTTP targets that is slow, down, wrong and back. Each event is
 * accounted for at each target.
 */

const SECRET = `whsec_${Buffer.alloc(32, 'a secret of this test').toString('base64')}`;
const ACCOUNT = '123456789012';
const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const directory = mkdtempSync(join(tmpdir(), 'hookgate-targets-'));
const seen = join(directory, 'seen.log');

const CLIENT = createRequire(import.meta.url).resolve('@aws-sdk/client-secrets-manager');

/** Writes what it has been given: a variable, and the value of a secret that it reads by its ARN. */
const HANDLER = `
import { GetSecretValueCommand, SecretsManagerClient } from ${JSON.stringify(CLIENT)};
import { appendFileSync } from 'node:fs';
export const handler = async ({ key }) => {
  const { SecretString } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: process.env.API_KEY_ARN }));
  appendFileSync(process.env.SEEN, JSON.stringify({ key, value: SecretString }) + '\\n');
};
`;

type Behaviour = 'well' | 'slow' | 'down' | 'wrong' | 'redirecting';
let behaviour: Behaviour = 'well';
interface Request {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly took: boolean;
}
const requests: Request[] = [];
/** The key of an event of which the flaky receiver was wrong. */
let failedFor = '';

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  const body = (await readBody(request)).toString('utf8');
  const acts = path === '/flaky' ? behaviour : 'well';
  requests.push({ path, body, took: acts === 'well', headers: request.headers as Record<string, string> });
  if (acts === 'slow') return;
  if (acts === 'down') request.socket.destroy();
  else if (acts === 'wrong') response.writeHead(503).end('the cause is event_id');
  else if (acts === 'redirecting') response.writeHead(307, { location: '/elsewhere' }).end();
  else response.writeHead(204).end();
}

const receiver = createServer((request, response) => void receive(request, response));
let config: HookgateConfig;
let gateway: LocalGateway;
let source: SourceClient;
const lines: string[] = [];

beforeAll(async () => {
  const url = `http://127.0.0.1:${await listen(receiver)}`;
  const file = join(directory, 'handler.js');
  writeFileSync(file, HANDLER);
  writeFileSync(seen, '');
  config = resolveConfig({
    retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
    processor: { batchingWindowSeconds: 0, timeoutSeconds: 15 },
    sources: {
      osigu: {
        provider: 'osigu',
        environment: 'production',
        handler: { file, environment: { SEEN: seen }, secrets: { API_KEY_ARN: 'eligibility/api' } },
        targets: [
          { name: 'flaky', kind: 'http', url: `${url}/flaky`, timeoutSeconds: 1, breaker: false },
          { name: 'steady', kind: 'http', url: `${url}/steady` },
          { name: 'invoices', kind: 'sqs', arn: arn('sqs', 'invoices.fifo'), types: ['invoice.*'] },
          { name: 'topic', kind: 'sns', arn: arn('sns', 'topic') },
          { name: 'steps', kind: 'step-functions', arn: arn('states', 'stateMachine:steps') },
          { name: 'stream', kind: 'kinesis', arn: arn('kinesis', 'stream/stream') },
          { name: 'lake', kind: 'firehose', arn: arn('firehose', 'deliverystream/lake') },
          { name: 'function', kind: 'lambda', arn: arn('lambda', 'function:billing:live') },
          { name: 'other-bus', kind: 'bus', arn: arn('events', 'event-bus/central') },
        ],
      },
    },
  });
  const environment = {
    HOOKGATE_SECRET_OSIGU_FLAKY: SECRET,
    HOOKGATE_HANDLER_SECRET_OSIGU_API_KEY_ARN: 'the value',
  };
  gateway = await startGateway({ port: 0, config, environment, log: (line) => void lines.push(line) });
  source = SourceClient.of('osigu', config, gateway.url);
}, 240_000);

afterAll(async () => {
  await gateway.stop();
  await close(receiver);
  rmSync(directory, { recursive: true });
}, 120_000);

const newBody = (id: string, type: string): Buffer =>
  Buffer.from(`{"event_id":"${id}","event_type":"${type}","environment":"production","exact":1.10}`);

async function deliver(type: string): Promise<{ readonly id: string; readonly body: Buffer }> {
  const id = randomUUID();
  const body = newBody(id, type);
  expect((await source.deliver(body)).status).toBe(200);
  return { id, body };
}

interface Shown {
  readonly source: string;
  readonly key: string;
  readonly status: string;
}

/** The state of an event at each of the targets that have been told of it. */
async function account(id: string): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(`${gateway.url}/_local/events`);
  const shown = (await response.json()) as readonly Shown[];
  const own = shown.filter(({ key }) => key === id).map(({ source: at, status }) => [at, status] as const);
  return Object.fromEntries(own);
}

const ALL = ['flaky', 'function', 'lake', 'other-bus', 'steady', 'steps', 'stream', 'topic'].map(
  (name) => `osigu.${name}`,
);
const done = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'PROCESSED']));

it('hands each event to the targets that want its type, once, and to the handler with its means', async () => {
  const [invoice, other] = [await deliver('invoice.paid'), await deliver('visit.booked')];
  const expected = done(['osigu', ...ALL]);
  await eventually(
    async () => Object.values(await account(invoice.id)).filter((is) => is === 'PROCESSED').length === 10,
    90_000,
  );
  await eventually(
    async () => Object.values(await account(other.id)).filter((is) => is === 'PROCESSED').length === 9,
    30_000,
  );
  expect(await account(other.id)).toStrictEqual(expected);
  expect(await account(invoice.id)).toStrictEqual({ ...expected, ...done(['osigu.invoices']) });
  for (const { id } of [invoice, other]) {
    for (const path of ['/flaky', '/steady'])
      expect(
        requests.filter((request) => request.path === path && request.headers['hookgate-key'] === id),
      ).toHaveLength(1);
    const of = (service: string) => gateway.taken().filter((call) => call.service === service);
    for (const service of ['sns', 'states', 'lambda'])
      expect(of(service).filter(({ body }) => body.includes(id))).toHaveLength(1);
    const records = ['kinesis', 'firehose'].flatMap(of).map(({ body }) => decoded(body));
    expect(records.filter((text) => text.includes(id))).toHaveLength(2);
    expect(readFileSync(seen, 'utf8')).toContain(JSON.stringify({ key: id, value: 'the value' }));
  }
  // The exact bytes, signed as Standard Webhooks says, of which its own library is the judge.
  const forwarded = requests.find(({ path, headers }) => path === '/flaky' && headers['hookgate-key'] === invoice.id);
  expect(forwarded?.body).toBe(invoice.body.toString());
  expect(new Webhook(SECRET).verify(forwarded?.body ?? '', forwarded?.headers ?? {})).toMatchObject({ exact: 1.1 });
}, 180_000);

/** The data of a record, which its request has in base64. */
const decoded = (body: string): string =>
  Buffer.from(/"Data":"([^"]+)"/.exec(body)?.[1] ?? '', 'base64').toString('utf8');

it('an HTTP target that is slow, down, wrong or redirects neither blocks nor repeats the others, and gets every event once it is back', async () => {
  const ids: string[] = [];
  for (const each of ['slow', 'down', 'wrong', 'redirecting'] as const) {
    behaviour = each;
    const before = requests.filter(({ path }) => path === '/flaky').length;
    const { id } = await deliver('visit.booked');
    ids.push(id);
    if (each === 'wrong') failedFor = id;
    const others = done(['osigu', ...ALL.filter((name) => name !== 'osigu.flaky')]);
    await eventually(async () => {
      const now = await account(id);
      return Object.keys(others).every((name) => now[name] === 'PROCESSED');
    }, 120_000);
    await eventually(() => requests.filter(({ path }) => path === '/flaky').length > before, 30_000);
    expect((await account(id))['osigu.flaky']).toBe('QUEUED');
  }
  behaviour = 'well';
  await eventually(async () => {
    const all = await Promise.all(ids.map(account));
    return all.every((now) => now['osigu.flaky'] === 'PROCESSED');
  }, 120_000);
  for (const id of ids) {
    const tries = requests.filter(({ headers }) => headers['hookgate-key'] === id);
    expect(tries.filter(({ path, took }) => path === '/flaky' && took)).toHaveLength(1);
    expect(tries.filter(({ path }) => path === '/steady')).toHaveLength(1);
    // One event is one message, however often it is tried.
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  }
  expect(requests.some(({ path }) => path === '/elsewhere')).toBe(false);
  // Nothing of the receiver's answer is written down.
  expect(lines.join('\n')).not.toContain('the cause is');
  for (const reason of ['http_timed_out', 'http_503_unavailable', 'http_307_redirect'])
    expect(lines.join('\n')).toContain(reason);
}, 240_000);

it('tells an operator in words what became of an event at each target, and nothing that a receiver said', async () => {
  const shown = (await opsOn(gateway.url, config)(`event osigu ${failedFor}`)).text;
  for (const name of ALL) expect(shown).toMatch(new RegExp(`^At ${name.replace('.', '\\.')}: PROCESSED at `, 'm'));
  expect(shown).toMatch(/^ {4}Tried at \d{4}-\S+: http_503_unavailable\.$/m);
  expect(shown).toMatch(/^At osigu\.invoices: nothing, since it gets no events of this type\.$/m);
  expect(shown).not.toContain('the cause is');
});

it('signs by the old and the new secret while one is rotated, and by the new alone once the old is revoked', async () => {
  const ops = opsOn(gateway.url, config);
  const fresh = `whsec_${Buffer.alloc(32, 'another secret').toString('base64')}`;
  const signedBy = async (): Promise<boolean[]> => {
    const { id } = await deliver('visit.booked');
    const isItsOwn = ({ path, headers }: Request): boolean => path === '/flaky' && headers['hookgate-key'] === id;
    await eventually(() => requests.some(isItsOwn), 60_000);
    const { body = '', headers = {} } = requests.find(isItsOwn) ?? {};
    return [SECRET, fresh].map((secret) => {
      try {
        return new Webhook(secret).verify(body, headers) !== undefined;
      } catch {
        return false;
      }
    });
  };
  const staged = await ops('secret stage osigu.flaky', fresh);
  expect(staged).toMatchObject({ code: 0, text: expect.stringContaining('a signature by either secret') });
  // A function that has read the secret before knows the new one within five minutes: another process knows it at once.
  await gateway.crash('OsiguToFlakyProcessor');
  expect(await signedBy()).toStrictEqual([true, true]);
  expect(await ops('secret promote osigu.flaky')).toMatchObject({ code: 0 });
  await gateway.crash('OsiguToFlakyProcessor');
  expect(await signedBy()).toStrictEqual([true, true]);
  const revoked = await ops('secret revoke-previous osigu.flaky');
  expect(revoked).toMatchObject({ code: 0, text: expect.stringContaining('nothing is signed with it from now on') });
  expect(await signedBy()).toStrictEqual([false, true]);
}, 180_000);
