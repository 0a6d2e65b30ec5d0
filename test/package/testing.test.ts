import { describe, expect, it } from '@jest/globals';
import { eventFor, eventsFor } from '../../package/testing.ts';
import type { ProviderName } from '../../package/testing.ts';
import { defineProvider, PermanentError } from '../../package/index.ts';
import { providers } from '../../lambdas/providers/index.ts';

describe('eventFor', () => {
  it.each([...providers.keys()])('makes an event of the sample of %s', (name) => {
    const event = eventFor(name as ProviderName);
    expect(event).toMatchObject({
      source: name,
      provider: name,
      via: 'webhook',
      receivedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(event.key).not.toBe('');
    expect(event.body.length).toBeGreaterThan(0);
  });

  it('takes a type, an id, the name of a source and a body', () => {
    expect(eventFor('stripe', 'invoice.paid').type).toBe('invoice.paid');
    const [one, other] = [eventFor('stripe', { id: 'a' }), eventFor('stripe', { id: 'b', source: 'shop' })];
    expect([one.source, other.source]).toEqual(['stripe', 'shop']);
    expect(one.key).not.toBe(other.key);
    const body = { id: 'evt_9', type: 'charge.failed', created: 1, data: { object: {} } };
    expect(eventFor('stripe', { body })).toMatchObject({ key: 'evt_9', type: 'charge.failed', json: body });
    expect(eventFor('stripe', { body: JSON.stringify(body) }).body).toEqual(Buffer.from(JSON.stringify(body)));
  });

  it('makes the same event every day', () => {
    expect(eventFor('stripe')).toEqual(eventFor('stripe'));
  });

  it('refuses what no handler would get', () => {
    expect(() => eventFor('stripe', { body: 'not JSON' })).toThrow('quarantine, as not_json');
    expect(() => eventFor('nobody' as ProviderName)).toThrow('no provider "nobody"');
  });

  it('takes a provider of the customer', () => {
    const { scheme } = providers.get('stripe') ?? {};
    if (!scheme) throw new Error('there is no scheme');
    const own = defineProvider({
      ...{ name: 'acme', title: 'Acme', documents: { source: 'x', confidence: 'confirmed' }, methods: ['POST'] },
      ...{ scheme, secret: { madeBy: 'provider' }, identity: 'body', rejectionStatus: 401, retryHorizonSeconds: 0 },
      ...{ options: {}, readEvents: ({ json }) => ({ key: String(json.id), type: 't' }) },
      sample: ({ id }) => JSON.stringify({ id }),
    });
    expect(eventsFor(own, { id: '7' })).toMatchObject([{ key: '7', type: 't', provider: 'acme' }]);
  });
});

it('a handler’s PermanentError is the gateway’s', () => {
  expect(new PermanentError('x').name).toBe('PermanentError');
});
