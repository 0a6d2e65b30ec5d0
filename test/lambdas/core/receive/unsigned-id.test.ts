import { describe, expect, it } from '@jest/globals';
import { bindsBodies } from '../../../../lambdas/core/provider.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import type { Options } from '../../../../lambdas/core/envelope.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import { providerNamed, providers } from '../../../../lambdas/providers/index.ts';
import { schemeOf } from '../../../../lambdas/core/provider.ts';
import { secretFrom } from '../../../../lambdas/core/provider-secret.ts';
import { defaultOptions, delivery, NOW, sampled, sourceOf, URL_OF_SOURCE } from '../../providers/deliveries.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../in-memory.ts';

function gateway(provider: Provider, options: Options = {}) {
  const clock = (): number => NOW.getTime();
  const source = sourceOf(provider, options);
  const { stored, signing } = secretFrom(provider, source.options, 'a secret');
  const [queue, quarantine, ledger] = [new MemoryQueue(), new MemoryQueue(), new MemoryLedger(clock)];
  const ports = { clock, queue, quarantine, ledger, observer: recordingObserver(), secrets: fixedSecrets(stored) };
  const status = async (headers: Record<string, string>, body: string): Promise<unknown> => {
    const bytes = Buffer.from(body);
    const input = { url: URL_OF_SOURCE, body: bytes, secrets: [signing], now: NOW, headers } as const;
    const made = schemeOf(provider, source.options).sign({ ...input, options: source.options });
    const of = delivery({ ...headers, ...made.headers }, bytes, { url: made.url ?? URL_OF_SOURCE });
    const { body: answer } = await receive(of, source, ports);
    return typeof answer === 'object' ? answer.status : answer;
  };
  return { status, queue, quarantine, ledger };
}

const github = (id?: string, type?: string): Record<string, string> => ({
  ...(id !== undefined && { 'x-github-delivery': id }),
  ...(type !== undefined && { 'x-github-event': type }),
});
const BODY = '{"action":"created"}';

describe('an id that is not signed', () => {
  const setUp = () => gateway(providerNamed('github'));

  it('is bound to the body: the same body under another id, or without one, is the same event', async () => {
    const { status, queue, quarantine } = setUp();
    expect(await status(github('1', 'push'), BODY)).toBe('accepted');
    expect(await status(github('1', 'push'), BODY)).toBe('duplicate');
    expect(await status(github('made up', 'push'), BODY)).toBe('duplicate');
    expect(await status(github(undefined, 'push'), BODY)).toBe('duplicate');
    expect(await status(github(), BODY)).toBe('duplicate');
    expect(await status(github('2', 'push'), '{"action":"deleted"}')).toBe('accepted');
    expect(await status(github('1', 'push'), '{"other":1}')).toBe('conflict');
    expect(queue.events.map(({ key }) => key)).toEqual(['1', '2']);
    expect(quarantine.events).toMatchObject([{ quarantine: 'conflict', body: Buffer.from('{"other":1}') }]);
    for (const event of [...queue.events, ...quarantine.events]) expect(event).not.toHaveProperty('unsignedId');
  });

  it('that never came leaves the event in quarantine, and takes nothing from a delivery that has one', async () => {
    const { status, queue, quarantine } = setUp();
    expect(await status(github(undefined, 'push'), BODY)).toBe('quarantined');
    expect(await status(github(undefined, 'push'), BODY)).toBe('duplicate');
    expect(await status(github('1', 'push'), BODY)).toBe('accepted');
    expect(await status(github(undefined, 'push'), BODY)).toBe('duplicate');
    expect(queue.events).toMatchObject([{ key: '1' }]);
    expect(quarantine.events).toMatchObject([{ quarantine: 'no_event_id', keyKind: 'body-hash' }]);
  });

  it.each(['1', '2', undefined])(
    'comes with another type as %s: that waits for a person, once per type',
    async (id) => {
      const { status, queue, quarantine } = setUp();
      await status(github('1', 'installation'), BODY);
      for (const outcome of ['conflict', 'duplicate']) {
        expect(await status(github(id, 'integration_installation'), BODY)).toBe(outcome);
        expect(await status(github(id, 'ping'), BODY)).toBe(outcome);
      }
      expect(await status(github('1', 'installation'), BODY)).toBe('duplicate');
      expect(queue.events).toHaveLength(1);
      expect(quarantine.events.map(({ type, quarantine: why }) => [type, why])).toEqual([
        ['integration_installation', 'conflict'],
        ['ping', 'conflict'],
      ]);
    },
  );

  it('lets one captured delivery fill no quarantine with types that are made up', async () => {
    const { status, quarantine } = setUp();
    await status(github('1', 'push'), BODY);
    for (let type = 0; type < 250; type++)
      expect(['conflict', 'duplicate']).toContain(await status(github('1', `type-${type}`), BODY));
    expect(quarantine.events.length).toBeLessThanOrEqual(101);
    expect(quarantine.events.length).toBeGreaterThan(50);
  });

  it('and a send that failed: the next delivery of the body heals it, under the id that came first', async () => {
    const { status, queue } = setUp();
    const send = queue.send.bind(queue);
    queue.send = () => Promise.reject(new Error('down'));
    expect(await status(github('1', 'push'), BODY)).toBeUndefined();
    queue.send = send;
    expect(await status(github('2', 'push'), BODY)).toBe('accepted');
    expect(queue.events).toMatchObject([{ key: '1' }]);
  });

  it('and a type that is a part of the key: two topics of one id and body are not one event', async () => {
    const { status, queue, quarantine } = gateway(providerNamed('shopify'));
    const of = (topic: string) => ({ 'x-shopify-event-id': 'e', 'x-shopify-topic': topic });
    expect(await status(of('orders/create'), BODY)).toBe('accepted');
    expect(await status(of('orders/paid'), BODY)).toBe('conflict');
    expect(await status(of('orders/paid'), BODY)).toBe('duplicate');
    expect([...queue.events, ...quarantine.events].map(({ type }) => type)).toEqual(['orders/create', 'orders/paid']);
  });
});

it('a copy without the id is the event itself, if it comes between a try that failed and the next one', async () => {
  const { status, queue, quarantine, ledger } = gateway(providerNamed('github'));
  const claim = ledger.claim.bind(ledger);
  ledger.claim = () => Promise.reject(new Error('down'));
  expect(await status(github('1', 'push'), BODY)).toBeUndefined();
  ledger.claim = claim;
  expect(await status(github(undefined, 'push'), BODY)).toBe('accepted');
  expect(await status(github('1', 'push'), BODY)).toBe('duplicate');
  expect(queue.events).toMatchObject([{ key: '1' }]);
  expect(quarantine.events).toEqual([]);
});

describe('equal bodies under two ids', () => {
  // Whoever has a token can send any body, and a signed id cannot be changed: to bind either guards nothing, and loses events.
  it.each<[string, Options, (id: string) => Record<string, string>]>([
    ['gitlab', { signing: 'signature' }, (id) => ({ 'webhook-id': id })],
    ['gitlab', { signing: 'token' }, (id) => ({ 'webhook-id': id })],
    ['drchrono', {}, (id) => ({ 'x-drchrono-delivery': id, 'x-drchrono-event': `PATIENT_${id}` })],
    ['jira', { webhook: 'dynamic' }, (id) => ({ 'x-atlassian-webhook-identifier': id })],
    ['generic', { scheme: 'bearer', idHeader: 'x-id' }, (id) => ({ 'x-id': id })],
    ['cloudevents', {}, (id) => ({ 'ce-id': id, 'ce-source': '/s', 'ce-type': 't' })],
  ])('of %s with %j are two events', async (name, options, headersOf) => {
    const { status, queue } = gateway(providerNamed(name), options);
    for (const id of ['9', '10']) expect(await status(headersOf(id), BODY)).toBe('accepted');
    expect(await status(headersOf('9'), BODY)).toBe('duplicate');
    expect(queue.events).toHaveLength(2);
  });

  it.each([...providers].filter(([, provider]) => bindsBodies(provider, defaultOptions(provider))))(
    'of %s are one, because the ids are not signed',
    async (_name, provider) => {
      const { status, queue } = gateway(provider);
      const { body, headers } = sampled(provider);
      const { headers: others } = sampled(provider, { id: 'other' });
      expect(await status(headers, body.toString())).toBe('accepted');
      expect(await status(others, body.toString())).toBe('duplicate');
      expect(queue.events).toHaveLength(1);
    },
  );
});
