import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localSecrets } from '../../cli/local-gateway.ts';
import { demonstrateAll } from '../../cli/send/demo.ts';
import { inspect } from '../../cli/send/inspection.ts';
import { signed } from '../../cli/send/signed.ts';
import { parseObject } from '../../lambdas/core/json.ts';
import type { Event } from '../../lambdas/core/event.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import { identifyAll } from '../../lambdas/core/receive/identify.ts';
import { providerNamed, providers } from '../../lambdas/providers/index.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { opsOn } from '../cli/ops/run-ops.ts';
import settings from '../settings.ts';
import { eventually } from './eventually.ts';
import { formsOf, joined } from './forms-of-delivery.ts';
import { SourceClient } from './gateway-client.ts';

/**
 * Sources of their own, because the sources of the other tests carry one JSON object each. They are the fewest that have, beside
 * those, every form that a provider of the registry has.
 */
const OTHERS = ['auth0', 'asana', 'cloudevents', 'dropbox-sign', 'intercom', 'meta', 'okta', 'plaid'];
const NAMES = [...OTHERS, 'twilio', 'zoom'];
const config = resolveConfig({
  stage: 'dev',
  sources: Object.fromEntries(NAMES.map((provider) => [provider, { provider }])),
});

let gateway: LocalGateway;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, config });
}, 120_000);
afterAll(() => gateway.stop(), 30_000);

const client = (name: string): SourceClient => SourceClient.of(name, config, gateway.url);

it('are of every form that the providers of the registry have', () => {
  const elsewhere = Object.keys(settings.sources);
  const tried = new Set([...NAMES, ...elsewhere].flatMap((name) => formsOf(providerNamed(name))));
  const all = new Set([...providers.values()].flatMap(formsOf));
  expect([...all].filter((form) => !tried.has(form))).toEqual([]);
  // None of them is there for nothing; of Asana there are cases below.
  for (const name of NAMES.filter((each) => each !== 'asana')) {
    const others = [...NAMES, ...elsewhere].filter((other) => other !== name);
    const without = new Set(others.flatMap((other) => formsOf(providerNamed(other))));
    expect([name, formsOf(providerNamed(name)).filter((form) => !without.has(form))]).not.toEqual([name, []]);
  }
});

it('are accepted, known, forged, stale and altered as everywhere', async () => {
  const context = { origin: gateway.url, env: {}, inspection: inspect(gateway.url), patienceMs: 25_000 };
  const rows = await demonstrateAll(config.sources, context);
  expect(rows.filter(({ ok }) => !ok)).toEqual([]);
  expect(new Set(rows.map(({ source }) => source))).toEqual(new Set(NAMES));
}, 120_000);

/** A delivery that the provider of a source has signed, with the events that are in it. */
function deliveryOf(source: SourceClient, body: Buffer, headers: Readonly<Record<string, string>> = {}) {
  const { provider, options } = source.source;
  const secret = localSecrets(source.source, {}).signing;
  const sent = signed({ source: { provider, options }, url: source.url, body, secret, now: new Date() });
  const all = { ...sent.headers, ...headers };
  const delivery = {
    ...{ method: 'POST', url: sent.url, body: sent.body },
    headers: new Map(Object.entries(all).map(([name, value]) => [name, [value]])),
  };
  const verdict = { ok: true, secret: { label: 'current', versionId: '' } } as const;
  const events = identifyAll({ delivery, verdict, receivedAt: new Date() }, source.source);
  const send = async () => {
    const init = { method: 'POST', headers: all, body: new Uint8Array(sent.body) };
    const response = await fetch(sent.url, init);
    return { status: response.status, text: await response.text() };
  };
  return { events, send };
}

/** The gateway's answer to a delivery of the source that is safe. */
function answerOf(source: SourceClient, body: Buffer, status: string) {
  const { status: code, body: expected } = source.acknowledgement(body, status);
  const text = typeof expected === 'string' ? expected : expected === undefined ? '' : JSON.stringify(expected);
  return { status: code, text };
}

/** Waits until each of these events is processed and was delivered so often. */
const processed = (source: SourceClient, events: readonly Event[], deliveries: number) =>
  eventually(async () => {
    const known = await source.events();
    const found = events.map(({ key }) => known.find((event) => event.key === key));
    return found.every((event) => event?.status === 'PROCESSED' && event.deliveries === deliveries) && found;
  }, 25_000);

/** The entries on the bus of an event. */
const published = async (source: SourceClient, { key }: Event) =>
  (await source.bus()).filter(({ detail }) => detail.metadata.key === key);

const id = (): string => `form-${Math.random().toString(36).slice(2)}`;
const cloudEvent = (): string =>
  JSON.stringify({ specversion: '1.0', id: id(), source: '/forms', type: 'example.made', data: 'naive' });

const BODIES: readonly [string, string, () => [body: string, headers?: Record<string, string>]][] = [
  ['a form', 'twilio', () => [`MessageSid=${id()}&MessageStatus=sent&Body=caf%C3%A9+%26`]],
  ['JSON, whose hash is in the URL', 'twilio', () => [`{"id":"${id()}"}`, { 'content-type': 'application/json' }]],
  [
    'a list of CloudEvents',
    'twilio',
    () => [`[${cloudEvent()}, ${cloudEvent()}]`, { 'content-type': 'application/json' }],
  ],
  ['nothing', 'twilio', () => ['']],
  ['lines of JSON', 'auth0', () => [`{"log_id":"${id()}"}\n\n{"log_id":"${id()}","data":{"type":"s"}}`]],
  ['an array', 'auth0', () => [`[{"log_id":"${id()}"},{"log_id":"${id()}"}]`]],
  [
    'bytes, named by headers',
    'cloudevents',
    () => [
      '\0 no JSON \xff',
      {
        ...{ 'content-type': 'application/octet-stream', 'ce-id': id(), 'ce-specversion': '1.0' },
        ...{ 'ce-source': '/forms', 'ce-type': 'example.made' },
      },
    ],
  ],
  [
    'a batch that its content type says',
    'cloudevents',
    () => [`[${cloudEvent()} , ${cloudEvent()}]`, { 'content-type': 'application/cloudevents-batch+json' }],
  ],
];

describe('a body of', () => {
  it.each(BODIES)(
    '%s, from %s, is accepted, and its events published with their exact bytes',
    async (_form, name, make) => {
      const source = client(name);
      const [text, headers] = make();
      const { events, send } = deliveryOf(source, Buffer.from(text, 'latin1'), headers);
      expect((await send()).status).toBe(200);
      await processed(source, events, 1);
      const { coverage } = schemeOf(source.source.provider, source.source.options);
      for (const event of events) {
        const [entry, ...more] = await published(source, event);
        expect(more).toEqual([]);
        const { pointer } = event;
        expect(entry?.detail.metadata).toMatchObject({ coverage, ...(pointer !== undefined && { pointer }) });
        const json = parseObject(event.body);
        expect(entry?.detail.event).toEqual(json ?? null);
        if (!json) expect(entry?.detail.metadata.bodyBase64).toBe(event.body.toString('base64'));
      }
    },
  );
});

/** These send one event, unless its type of content says more: that is tried above. */
const ONE_BY_ONE = ['cloudevents', 'twilio'];

describe.each(NAMES.filter((name) => providerNamed(name).batches && !ONE_BY_ONE.includes(name)))(
  'a delivery of several events of %s',
  (name) => {
    it('is each of its events once, also if it comes again or is cut otherwise', async () => {
      const source = client(name);
      const [one, two, three, four] = [1, 2, 3, 4].map(() => source.newEvent());
      if (!one || !two || !three || !four) throw new Error('no samples');
      const body = joined([one, two, three]);
      const whole = deliveryOf(source, body);
      const [first, ...both] = whole.events;
      const cut = deliveryOf(source, joined([two, three, four]));
      const last = cut.events.slice(2);
      expect([whole.events.length, new Set(whole.events.map(({ key }) => key)).size]).toEqual([3, 3]);
      for (const { send } of [whole, whole, cut]) expect(await send()).toEqual(answerOf(source, body, 'accepted'));
      await processed(source, both, 3);
      await processed(source, last, 1);
      if (first) await processed(source, [first], 2);
      for (const event of [...whole.events, ...last]) expect(await published(source, event)).toHaveLength(1);
    });
  },
);

it('a delivery of no events is authentic, and no event', async () => {
  const source = client('asana');
  const before = (await source.events()).length;
  const { events, send } = deliveryOf(source, Buffer.from('{"events":[]}'));
  expect(events).toEqual([]);
  expect(await send()).toEqual({ status: 200, text: '{"status":"empty"}' });
  expect(await source.events()).toHaveLength(before);
});

describe('a handshake', () => {
  const verifyToken = (JSON.parse(secretOf('meta')) as Record<string, string>).verifyToken ?? '';

  function secretOf(name: string): string {
    const source = config.sources.find((each) => each.name === name);
    return source ? localSecrets(source, {}).stored : '';
  }

  async function ask(name: string, method: string, headers: Record<string, string> = {}, query = '') {
    const response = await fetch(`${gateway.url}/webhooks/${name}${query}`, { method, headers });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  }

  it('by GET that echoes a header is answered with JSON', async () => {
    const answer = await ask('okta', 'GET', { 'x-okta-verification-challenge': 'one-time.value_1' });
    expect(answer).toMatchObject({ status: 200, text: '{"verification":"one-time.value_1"}' });
  });

  it('by GET that needs one of the credentials is answered with text, and refused without it', async () => {
    const query = (token: string) => `?hub.mode=subscribe&hub.challenge=12345&hub.verify_token=${token}`;
    const answer = await ask('meta', 'GET', {}, query(encodeURIComponent(verifyToken)));
    expect(answer).toMatchObject({ status: 200, text: '12345' });
    expect(answer.type).toMatch(/^text\/plain/);
    expect(await ask('meta', 'GET', {}, query('another'))).toMatchObject({ status: 403 });
  });

  it('by HEAD is answered with nothing', async () => {
    expect(await ask('intercom', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it('by OPTIONS is answered with the origin that asks', async () => {
    const response = await fetch(`${gateway.url}/webhooks/cloudevents`, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'sender.example' },
    });
    expect(response.headers.get('webhook-allowed-origin')).toBe('sender.example');
  });

  it('by POST is sent its header back before anything is verified', async () => {
    const response = await fetch(`${gateway.url}/webhooks/asana`, {
      method: 'POST',
      headers: { 'x-hook-secret': 'a-secret-of-asana-1234' },
    });
    expect([response.status, response.headers.get('x-hook-secret')]).toEqual([200, 'a-secret-of-asana-1234']);
  });

  it('that is signed is answered with what the secret makes of it, is no event, and signs nothing else', async () => {
    const source = client('zoom');
    const before = (await source.events()).length;
    const question = (plainToken: string) =>
      deliveryOf(source, Buffer.from(JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } })));
    const { status, text } = await question('qgg8vlvZRS6UYooatFL8Aw').send();
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: expect.stringMatching(/^[\da-f]{64}$/),
    });
    expect((await question('v0:1700000000:{}').send()).status).toBe(400);
    // A body that could be a token is none of a delivery: whoever has its signature may have it from the handshake.
    expect(await deliveryOf(source, Buffer.from('qgg8vlvZRS6UYooatFL8Aw')).send()).toMatchObject({ status: 400 });
    expect(await source.events()).toHaveLength(before);
  });
});

describe('ops event', () => {
  it.each([
    ['zoom', 'The signature covers the whole body.'],
    ['twilio', 'The signature covers some fields of the body, and not the others.'],
    ['okta', 'Only the caller is proved: nothing of the body is signed.'],
  ])('says what the signature of %s covers', async (name, sentence) => {
    const source = client(name);
    const { events, send } = deliveryOf(source, source.newEvent());
    await send();
    await processed(source, events, 1);
    const outcome = await opsOn(gateway.url, config)(['event', name, events[0]?.key ?? '']);
    expect(outcome.error).toBe('');
    expect(outcome.text).toContain(sentence);
  });
});
