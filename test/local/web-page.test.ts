import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { serveConsole } from '../../cli/console/server.ts';
import { serveApi } from '../../local/api/api-gateway.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import { close, listen } from '../../local/http.ts';
import { metricsLog } from '../../local/metrics-log.ts';
import { refusals } from '../../local/refusals.ts';
import { serveInspection } from '../../local/inspection.ts';
import { startRuntimeApi } from '../../local/lambda/runtime-api.ts';
import { teardown } from '../../local/teardown.ts';
import { testApi } from './api/test-api.ts';
import { sendRaw, written } from './raw-http.ts';
import type { RawRequest } from './raw-http.ts';
import { startTestAws } from './test-aws.ts';
import type { TestAws } from './test-aws.ts';

/** Everything that the local gateway has listening, with a request that it answers when no web page sends it. */
interface Listener {
  readonly name: string;
  port: number;
  readonly good: Omit<RawRequest, 'host'>;
  readonly status: number;
}

const SIGNED = 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sqs/aws4_request, Signature=x';
const JSON_OF_SQS = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' };
const TOKEN = 'the token of a test';

const listeners: readonly Listener[] = [
  { name: 'the webhooks', port: 0, good: { method: 'POST', target: '/webhooks/osigu', body: '{}' }, status: 200 },
  { name: 'the inspection', port: 0, good: { target: '/_local/bus' }, status: 200 },
  { name: "the stand-ins for the providers' APIs", port: 0, good: { target: '/_control/nvsep' }, status: 200 },
  {
    ...{ name: 'the AWS endpoint', port: 0, status: 200 },
    good: {
      ...{ method: 'POST', target: '/', body: '{}' },
      headers: { ...JSON_OF_SQS, authorization: SIGNED, 'x-amz-security-token': TOKEN },
    },
  },
  { name: 'the console', port: 0, good: { target: '/' }, status: 200 },
  {
    ...{ name: "the console's API", port: 0, status: 200 },
    good: { target: '/api/session', headers: { authorization: `Bearer ${TOKEN}` } },
  },
  {
    ...{ name: 'a Runtime API', port: 0, status: 404 },
    good: { target: '/2018-06-01/nothing', headers: { authorization: '' } },
  },
];

const down = teardown();
let aws: TestAws;
let runtimeToken = '';
let delivered = 0;

beforeAll(async () => {
  aws = await startTestAws();
  down.add(() => aws.stop());
  const [webhooks, inspection, providers, endpoint, page, pageApi, runtime] = listeners;
  if (!webhooks || !inspection || !providers || !endpoint || !page || !pageApi || !runtime)
    throw new Error('a listener is missing');

  const invoke = () => {
    delivered++;
    return Promise.resolve({ ok: true, payload: '{"statusCode":200}' } as const);
  };
  const api = {
    api: testApi(),
    invoke,
    log: () => undefined,
    isAllowedHost: (name: string) => name === 'tunnel.example',
  };
  const front = createServer((request, response) => void serveApi(request, response, api));
  webhooks.port = await listen(front);
  down.add(() => close(front));

  const wiring = { sources: [], targets: [], ledgerTable: 'Ledger', quarantineUrl: '' };
  const stack = { name: 'x', region: 'us-east-1', awsEndpoint: '', outputs: {}, resources: {} };
  const parts = { ...aws, wiring, stack, access: aws.client, refusals: refusals(), metrics: metricsLog() };
  const inside = createServer((request, response) => void serveInspection(request, response, parts));
  inspection.port = await listen(inside);
  down.add(() => close(inside));

  const fakes = await startFakeProviders();
  down.add(() => fakes.stop());
  providers.port = Number(new URL(fakes.url).port);
  endpoint.port = Number(new URL(aws.client.endpoint).port);

  const asset = { type: 'text/html', identity: Buffer.from('x'), br: Buffer.from(''), gzip: Buffer.from('') };
  const console = await serveConsole({
    ...{ port: 0, token: TOKEN, assets: () => Promise.resolve(new Map([['/', asset]])) },
    api: () => Promise.resolve({ status: 200, body: {} }),
  });
  down.add(() => console.stop());
  page.port = pageApi.port = Number(new URL(console.address).port);

  const runtimeApi = await startRuntimeApi();
  down.add(() => runtimeApi.close());
  runtime.port = Number(runtimeApi.address.split(':')[1]);
  runtimeToken = runtimeApi.token;
});
afterAll(() => down.run());

/** The status of the listener's good request, with these changes. */
async function statusOf({ port, good }: Listener, host: string, changes: Partial<RawRequest> = {}): Promise<number> {
  const own = good.headers?.authorization === '' ? { authorization: `Bearer ${runtimeToken}` } : {};
  const headers = { ...good.headers, ...own, ...changes.headers };
  return (await sendRaw(port, written({ ...good, ...changes, host, headers }))).status;
}

describe.each(listeners)('$name', (listener) => {
  it.each(['127.0.0.1', '127.0.0.1:4000', 'localhost', 'LocalHost:80', '[::1]', '[::1]:4000', '127.8.9.1'])(
    'answers on this machine, which is %s',
    async (host) => expect(await statusOf(listener, host)).toBe(listener.status),
  );

  it.each([
    ...['attacker.example', 'attacker.example:4000', 'localhost.attacker.example', '127.0.0.1.attacker.example'],
    ...[
      '127.0.0.1@attacker.example',
      'attacker.example@127.0.0.1',
      'localhost:1:2',
      'localhost,x',
      '',
      '[::2]',
      '0.0.0.0',
    ],
    ...['[::ffff:203.0.113.9]', '[2001:db8::1]:4000', '192.168.0.2', '127.0.0.1.', 'localhost/', '2130706433', '127.1'],
  ])('refuses the host %j: a page may have made its own name point here', async (host) =>
    expect([400, 403]).toContain(await statusOf(listener, host)),
  );

  it('refuses two hosts', async () =>
    expect([400, 403]).toContain(await statusOf(listener, 'localhost\r\nHost: attacker.example')));

  it.each(['http://attacker.example', 'http://localhost', '//', 'attacker.example:443'])(
    'refuses a request target that is not a path: %s',
    async (start) => {
      const target = start === '//' ? '//attacker.example/' : start + listener.good.target;
      expect([400, 403, 404]).toContain(await statusOf(listener, 'localhost', { target }));
    },
  );

  it.each([
    [{ origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost:3000' }],
    [{ origin: 'http://127.0.0.1.attacker.example' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('refuses what a page of another site sends: %j', async (headers) =>
    expect(await statusOf(listener, 'localhost', { headers })).toBe(403),
  );

  it('gives no page leave to send what it may not', async () => {
    const headers = { origin: 'https://attacker.example', 'access-control-request-headers': 'x-amz-security-token' };
    const { status, text } = await sendRaw(
      listener.port,
      written({ method: 'OPTIONS', target: listener.good.target, host: 'localhost', headers }),
    );
    expect(status).toBe(403);
    expect(text.toLowerCase()).not.toContain('access-control-allow');
  });
});

describe('a form that a page posts', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const steps = [
    'Action=CreateTopic&Name=t',
    'Action=Subscribe&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:000000000000:inbox',
    'Action=Publish&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Message=forged',
  ];

  it('puts no event into a queue, neither from a browser nor by a caller with the token', async () => {
    const { QueueUrl } = await aws.services.sqs.client.send(new CreateQueueCommand({ QueueName: 'inbox' }));
    const port = Number(new URL(aws.client.endpoint).port);
    for (const given of [{}, { authorization: SIGNED }, { authorization: SIGNED, 'x-amz-security-token': TOKEN }]) {
      for (const body of steps) {
        const request = { method: 'POST', target: '/', host: 'localhost', headers: { ...form, ...given }, body };
        expect([400, 403]).toContain((await sendRaw(port, written(request))).status);
      }
    }
    const { Messages = [] } = await aws.services.sqs.client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toEqual([]);
  });
});

describe('the token', () => {
  it.each(['', 'another', `${TOKEN} `, TOKEN.slice(1)])('of the AWS endpoint is not %j', async (token) => {
    const endpoint = listeners.find(({ name }) => name === 'the AWS endpoint');
    const headers = { 'x-amz-security-token': token };
    // HTTP takes the space away.
    const expected = token.trim() === TOKEN ? 200 : 403;
    expect(endpoint && (await statusOf(endpoint, 'localhost', { headers }))).toBe(expected);
  });

  it('is needed for a Runtime API: without it no delivery can be stolen, answered, or its function failed', async () => {
    const api = await startRuntimeApi();
    const port = Number(api.address.split(':')[1]);
    const answer = api.run({ requestId: 'r1', payload: '{"secret":1}', deadline: Date.now(), functionArn: 'arn' });
    const paths = ['GET invocation/next', 'POST invocation/r1/response', 'POST invocation/r1/error', 'POST init/error'];
    for (const path of paths) {
      const [method = '', rest = ''] = path.split(' ');
      for (const authorization of [undefined, 'Bearer x', `Bearer ${api.token}x`, api.token]) {
        const headers = authorization === undefined ? {} : { authorization };
        const request = { method, target: `/2018-06-01/runtime/${rest}`, host: 'localhost', headers, body: '{}' };
        const { status, text } = await sendRaw(port, written(request));
        expect(status).toBe(403);
        expect(text).not.toContain('secret');
      }
    }
    const own = { authorization: `Bearer ${api.token}` };
    const next = { target: '/2018-06-01/runtime/invocation/next', host: 'localhost', headers: own };
    expect((await sendRaw(port, written(next))).text).toContain('{"secret":1}');
    const done = {
      method: 'POST',
      target: '/2018-06-01/runtime/invocation/r1/response',
      host: 'localhost',
      headers: own,
    };
    await sendRaw(port, written({ ...done, body: '"done"' }));
    expect(await answer).toEqual({ ok: true, payload: '"done"' });
    await api.close();
  });
});

describe('a delivery', () => {
  const webhooks = () => listeners.find(({ name }) => name === 'the webhooks');

  it('through a tunnel is taken for the hosts that are allowed, and reaches no function for others', async () => {
    const listener = webhooks();
    if (!listener) throw new Error('a listener is missing');
    const before = delivered;
    expect(await statusOf(listener, 'tunnel.example')).toBe(200);
    expect(await statusOf(listener, 'Tunnel.Example:443', { headers: { origin: 'https://tunnel.example:443' } })).toBe(
      200,
    );
    expect(delivered).toBe(before + 2);
    expect(await statusOf(listener, 'x.tunnel.example')).toBe(403);
    expect(await statusOf(listener, 'tunnel.example', { headers: { origin: 'https://attacker.example' } })).toBe(403);
    expect(delivered).toBe(before + 2);
  });

  it('of a tunnel opens nothing else: the inspection keeps to this machine', async () => {
    const inspection = listeners.find(({ name }) => name === 'the inspection');
    expect(inspection && (await statusOf(inspection, 'tunnel.example'))).toBe(403);
  });
});
