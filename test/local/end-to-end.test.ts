import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../lambdas/core/hash.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { signsTime } from '../../cli/send/signed.ts';
import settings from '../settings.ts';
import { expectRefused } from './expect-refused.ts';
import { SourceClient } from './gateway-client.ts';

const config = resolveConfig(settings);
const lines: string[] = [];
let gateway: LocalGateway;

beforeAll(async () => {
  gateway = await startGateway({ port: 0, config, log: (line) => void lines.push(line) });
}, 120_000);
afterEach(async () => {
  await fetch(`${gateway.url}/_local/faults`, { method: 'DELETE' });
});
afterAll(() => gateway.stop(), 30_000);

const client = (name: string): SourceClient => SourceClient.of(name, config, gateway.url);

describe.each(config.sources.map(({ name }) => name))('a delivery of %s', (name) => {
  it('is acknowledged, and its event processed once and published as it came', async () => {
    const source = client(name);
    const body = source.newEvent();
    expect(await source.deliver(body)).toMatchObject(source.acknowledgement(body, 'accepted'));
    const event = await source.processed(body);
    expect(event).toMatchObject({ source: name, status: 'PROCESSED', deliveries: 1 });
    expect(Date.parse(event.processedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(event.receivedAt ?? ''));
    const published = await source.published(body);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      detailType: event.type,
      detail: {
        event: JSON.parse(body.toString('utf8')) as unknown,
        metadata: { source: name, key: event.key, via: 'webhook' },
      },
    });
  });

  it('that comes again is acknowledged, counted, and not processed again', async () => {
    const source = client(name);
    const body = source.newEvent();
    await source.deliver(body);
    await source.processed(body);
    expect(await source.deliver(body)).toMatchObject(source.acknowledgement(body, 'duplicate'));
    expect(await source.processed(body)).toMatchObject({ deliveries: 2, status: 'PROCESSED' });
    expect(await source.published(body)).toHaveLength(1);
  });

  it('that is forged is refused, and leaves no trace', async () => {
    const source = client(name);
    await source.warmUp();
    await expectRefused(source, { forge: true }, 'signature_mismatch');
  });

  it('without a signature costs no AWS call', async () => {
    const source = client(name);
    const before = (await source.verifierCalls()).length;
    const answer = await source.request('POST', { 'content-type': 'application/json' }, source.newEvent());
    expect(answer.status).toBe(source.source.provider.rejectionStatus);
    expect(answer.body).toEqual({ error: 'missing_signature' });
    expect(await source.verifierCalls()).toHaveLength(before);
  });

  it('with a new event costs three AWS calls, with a known one a single call; an id that is not signed costs one more', async () => {
    const source = client(name);
    const body = source.newEvent();
    await source.warmUp();
    const callsOf = async (delivery: Buffer): Promise<string[]> => {
      const before = (await source.verifierCalls()).length;
      await source.deliver(delivery);
      return (await source.verifierCalls()).slice(before).map(({ service, action }) => `${service} ${action}`);
    };
    const binding = source.source.provider.identity === 'unsigned header' ? ['dynamodb UpdateItem'] : [];
    const claim = [...binding, 'dynamodb UpdateItem'];
    expect(await callsOf(body)).toEqual([...claim, 'sqs SendMessage', 'dynamodb UpdateItem']);
    await source.processed(body);
    expect(await callsOf(body)).toEqual(claim);
  });

  it('by a method that its provider does not use is answered by API Gateway, and costs no invocation', async () => {
    const source = client(name);
    const { methods } = source.source.provider;
    const before = (await source.verifierCalls()).length;
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'].filter((other) => !methods.some((one) => one === other))) {
      const answer = { method, ...(await source.request(method)) };
      expect(answer).toMatchObject({ method, status: 404, body: { error: 'unknown_source' } });
    }
    expect(await source.verifierCalls()).toHaveLength(before);
  });

  it('that is authentic but not JSON waits in quarantine', async () => {
    const source = client(name);
    const before = (await source.queues()).quarantine;
    const body = Buffer.from(`no JSON of ${name} at ${Date.now()}`);
    expect(await source.deliver(body)).toMatchObject(source.acknowledgement(body, 'quarantined'));
    expect((await source.queues()).quarantine).toBe(before + 1);
    expect(await source.deliver(body)).toMatchObject(source.acknowledgement(body, 'duplicate'));
    expect((await source.queues()).quarantine).toBe(before + 1);
    const event = (await source.events()).find(({ key }) => key === `sha256:${sha256(body)}`);
    expect(event).toMatchObject({ status: 'QUARANTINED', deliveries: 2 });
  });
});

describe('a stale delivery', () => {
  it.each(config.sources.filter(signsTime).map(({ name }) => name))('of %s is refused', (name) =>
    expectRefused(client(name), { stale: true }, 'timestamp_out_of_window'),
  );
});

describe('fifty identical deliveries at once', () => {
  it('are all answered 200, and make one event on the bus', async () => {
    const source = client('osigu');
    const body = source.newEvent();
    const answers = await Promise.all(Array.from({ length: 50 }, () => source.deliver(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(await source.processed(body)).toMatchObject({ deliveries: 50 });
    expect(await source.published(body)).toHaveLength(1);
  }, 120_000);
});

describe("Optum's events", () => {
  it('with the same id and different types are both processed', async () => {
    const source = client('optum');
    const requested = source.newEvent('payment_loading_requested');
    const text = JSON.parse(requested.toString('utf8')) as Record<string, unknown>;
    const completed = Buffer.from(JSON.stringify({ ...text, type: 'payment_loading_completed' }));
    await source.deliver(requested);
    await source.deliver(completed);
    expect(await source.processed(requested)).toMatchObject({ type: 'payment_loading_requested' });
    expect(await source.processed(completed)).toMatchObject({ type: 'payment_loading_completed' });
    expect(await source.published(requested)).toHaveLength(1);
    expect(await source.published(completed)).toHaveLength(1);
  });

  it('are preceded by a handshake, which is answered', async () => {
    const answer = await client('optum').request('OPTIONS', { 'webhook-request-origin': 'events.optum.example' });
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('webhook-allowed-origin')).toBe('events.optum.example');
  });
});

describe('an unknown source', () => {
  it.each(['/webhooks/unknown', '/webhooks', '/', '/webhooks/osigu/more', '/WEBHOOKS/osigu'])(
    'at %s is 404',
    async (path) => {
      const response = await fetch(gateway.url + path, { method: 'POST', body: '{}' });
      expect([response.status, await response.json()]).toEqual([404, { error: 'unknown_source' }]);
    },
  );
});

describe('a failing service', () => {
  const fault = { status: 400, code: 'AccessDeniedException', times: 1 };

  it('that takes the claim but not the message is answered 503, and the retry is processed once', async () => {
    const source = client('nabla');
    await source.warmUp();
    const body = source.newEvent();
    await source.injectFault({ ...fault, service: 'sqs', action: 'SendMessage', function: 'NablaVerifier' });
    const refused = await source.deliver(body);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await source.events()).find(({ key }) => key === source.keyOf(body))).toMatchObject({ status: 'PENDING' });
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await source.processed(body)).toMatchObject({ deliveries: 2 });
    expect(await source.published(body)).toHaveLength(1);
  });

  it('that loses the mark is not noticed by the provider, and the event is processed once', async () => {
    const source = client('nabla');
    await source.warmUp();
    const body = source.newEvent();
    const mark = { service: 'dynamodb', action: 'UpdateItem', function: 'NablaVerifier', skip: 1 };
    await source.injectFault({ ...fault, ...mark });
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect((await source.verifierCalls()).at(-1)).toMatchObject({ action: 'UpdateItem', status: 400 });
    expect(await source.processed(body)).toMatchObject({ status: 'PROCESSED', deliveries: 1 });
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    expect(await source.published(body)).toHaveLength(1);
  });

  it('that cannot be claimed with is answered 503, and nothing is queued', async () => {
    const source = client('honeybee');
    await source.warmUp();
    const body = source.newEvent();
    await source.injectFault({ ...fault, service: 'dynamodb', function: 'HoneybeeVerifier' });
    expect((await source.deliver(body)).status).toBe(503);
    expect((await source.verifierCalls()).at(-1)).toMatchObject({ service: 'dynamodb', status: 400 });
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    await source.processed(body);
  });
});

describe('the log', () => {
  it('has nothing of a body or a secret', () => {
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => /local-secret-|no JSON of|payment_loading/.test(line))).toEqual([]);
  });
});
