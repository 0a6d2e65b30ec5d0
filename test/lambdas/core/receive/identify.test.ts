import { describe, expect, it } from '@jest/globals';
import type { Headers } from '../../../../lambdas/core/delivery.ts';
import { identify } from '../../../../lambdas/core/receive/identify.ts';
import { parseObject } from '../../../../lambdas/core/json.ts';
import type { Envelope } from '../../../../lambdas/core/envelope.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import type { Scheme } from '../../../../lambdas/core/schemes/scheme.ts';
import type { Source } from '../../../../lambdas/core/source.ts';
import { ok } from '../../../../lambdas/core/result.ts';

const NOW = new Date('2026-03-01T09:30:00.000Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const schemeWith = (facts: Partial<Scheme>): Scheme => ({
  title: 'made up',
  coverage: 'body',
  headers: [
    { name: 'x-acme-signature', carries: 'signature' },
    { name: 'x-acme-time', carries: 'timestamp' },
    { name: 'x-acme-key', carries: 'token' },
  ],
  read: () => ok({ matches: () => false }),
  sign: () => ({ headers: {} }),
  accepts: () => true,
  secretFrom: (seed) => ({ stored: seed, signing: seed }),
  ...facts,
});

/** A source of a made-up provider, whose envelope is what the test says. */
function sourceWith(envelope: Envelope, changes: Partial<Provider> = {}): Source {
  const provider: Provider = {
    name: 'acme',
    title: 'Acme',
    documents: { source: 'none', confidence: 'confirmed' },
    identity: 'body',
    methods: ['POST'],
    rejectionStatus: 401,
    retryHorizonSeconds: 0,
    secret: { madeBy: 'provider' },
    options: {},
    scheme: schemeWith({}),
    readEvents: () => envelope,
    sample: () => '{}',
    ...changes,
  };
  return { name: 'acme-1', provider, options: {}, windowSeconds: 10 * 86_400, maxBodyBytes: 1000 };
}

interface Changes extends Partial<Provider> {
  readonly body?: string;
  readonly headers?: Headers;
}

const eventOf = (envelope: Envelope, { body = '{}', headers = new Map(), ...changes }: Changes = {}) =>
  identify(
    {
      delivery: { method: 'POST', url: 'https://h.example/', headers, body: Buffer.from(body) },
      verdict: { ok: true, secret: { label: 'previous', versionId: 'v1' } },
      receivedAt: NOW,
    },
    sourceWith(envelope, changes),
  );

describe('identify', () => {
  it('makes the event that the envelope names', () => {
    const headers = new Map([
      ['x-acme-signature', ['abc']],
      ['content-type', ['application/json; charset=utf-8']],
      ['cookie', ['secret']],
      ['x-acme-key', ['a credential is not evidence']],
    ]);
    expect(eventOf({ key: 'k', type: 't', time: daysAgo(1) }, { headers })).toEqual({
      source: 'acme-1',
      provider: 'acme',
      key: 'k',
      type: 't',
      time: '2026-02-28T09:30:00.000Z',
      receivedAt: NOW.toISOString(),
      via: 'webhook',
      coverage: 'body',
      contentType: 'application/json; charset=utf-8',
      body: Buffer.from('{}'),
      bodyHash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      evidence: { headers: { 'x-acme-signature': 'abc' }, secretLabel: 'previous', secretVersionId: 'v1' },
    });
  });

  it('takes an unnamed content for bytes', () => {
    expect(eventOf({ key: 'k' }).contentType).toBe('application/octet-stream');
  });

  it('keeps a key as it is up to 500 characters, and its hash beyond', () => {
    expect(eventOf({ key: 'k'.repeat(500) }).key).toBe('k'.repeat(500));
    expect(eventOf({ key: 'k'.repeat(501) }).key).toMatch(/^sha256-of-key:[\da-f]{64}$/);
    expect(eventOf({ key: 'k'.repeat(501) }).key).not.toBe(eventOf({ key: 'k'.repeat(502) }).key);
  });

  it.each([
    [undefined, 'unknown'],
    ['', 'unknown'],
    ['t'.repeat(128), 't'.repeat(128)],
    ['t'.repeat(129), 'unknown'],
  ])('has of the type %j %s', (type, expected) => {
    expect(eventOf({ key: 'k', type }).type).toBe(expected);
  });

  it('puts an event without an id into quarantine, under the hash of its body', () => {
    expect(eventOf({ type: 't' })).toMatchObject({
      quarantine: 'no_event_id',
      key: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      type: 't',
    });
  });

  it("keeps the provider's own reason before any other", () => {
    expect(eventOf({ quarantine: 'wrong_environment', time: daysAgo(99) }).quarantine).toBe('wrong_environment');
  });

  it('does not ask the provider about a body that is no JSON object', () => {
    const readEvents = (): Envelope => {
      throw new Error('asked');
    };
    for (const body of ['', '[]', '"a"', 'null', '{']) {
      expect(eventOf({}, { body, readEvents }).quarantine).toBe('not_json');
    }
  });

  it.each([
    [10, {}, undefined],
    [10.001, {}, 'older_than_window'],
    [-99, {}, undefined],
    // A signed timestamp was fresh: whatever the age of the event, its delivery is not a replay.
    [10.001, { scheme: schemeWith({ replayWindowSeconds: 60 }) }, undefined],
  ])('of an event of %d days ago, with %j, says %s', (days, changes, expected) => {
    expect(eventOf({ key: 'k', time: daysAgo(days) }, changes).quarantine).toBe(expected);
  });
});

describe('parseObject', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['\ufeff {"a":1}\r\n', { a: 1 }],
    ['{}', {}],
  ])('reads %j', (text, expected) => {
    expect(parseObject(Buffer.from(text))).toEqual(expected);
  });

  it.each(['', ' ', 'null', '1', '"a"', '[]', 'true', '{', "{'a':1}", '{"a":1,}', '{}{}', 'NaN'])(
    'does not %j',
    (text) => {
      expect(parseObject(Buffer.from(text))).toBeUndefined();
    },
  );

  it('does not replace what is no UTF-8', () => {
    expect(parseObject(Buffer.from('{"a":"\xe9"}', 'latin1'))).toBeUndefined();
  });

  it('reads a key like __proto__ as any other', () => {
    const value = parseObject(Buffer.from('{"__proto__":{"id":"x"}}'));
    expect(value?.id).toBeUndefined();
  });
});
