import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Answer, Delivery } from '../../../../lambdas/core/delivery.ts';
import { handshakeToken } from '../../../../lambdas/core/handshake-token.ts';
import { secretFrom, secretShapeFlaw } from '../../../../lambdas/core/provider-secret.ts';
import { identityOf, sampleOf, schemeOf } from '../../../../lambdas/core/provider.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import { UndecidedError } from '../../../../lambdas/core/receive/undecided.ts';
import type { UndecidedReason } from '../../../../lambdas/core/receive/undecided.ts';
import { Received } from '../../../../lambdas/core/received.ts';
import type { Keys } from '../../../../lambdas/core/key-request.ts';
import { hmac } from '../../../../lambdas/core/schemes/hmac.ts';
import { jwks } from '../../../../lambdas/core/schemes/jwks.ts';
import { jwt } from '../../../../lambdas/core/schemes/jwt.ts';
import { providers } from '../../../../lambdas/providers/index.ts';
import { defaultOptions, isSignedInBody, signed as signedAs } from '../../providers/deliveries.ts';
import { underTest } from '../../providers/subjects.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../in-memory.ts';

const SECRET = 'a signing secret';
const NOW = new Date('2026-01-02T03:04:05.000Z');
const URL_SEEN = 'https://api.example.com/prod/webhooks/source';

function setUp(provider: Provider, maxBodyBytes = 10_000) {
  const clock = (): number => NOW.getTime();
  const options = Object.fromEntries(Object.entries(provider.options).map(([name, spec]) => [name, spec.default]));
  const source = { name: provider.name, provider, options, windowSeconds: 3600, maxBodyBytes };
  const reads = { count: 0 };
  const known = fixedSecrets(secretFrom(provider, options, SECRET).stored);
  const ports = {
    clock,
    ledger: new MemoryLedger(clock),
    queue: new MemoryQueue(),
    quarantine: new MemoryQueue(),
    observer: recordingObserver(),
    secrets: {
      ...known,
      read: () => {
        reads.count++;
        return known.read();
      },
    },
  };
  const published = secretFrom(provider, options, SECRET).signing;
  const keys = { get: () => Promise.resolve(createPublicKey(createPrivateKey(published))) };
  const reached = () => [ports.ledger.items.size, ports.queue.events.length, ports.quarantine.events.length];
  return {
    ports,
    reads,
    reached,
    options,
    receive: (delivery: Delivery) => receive(delivery, source, { ...ports, keys }),
  };
}

function signed(
  provider: Provider,
  { body, secret = SECRET, now = NOW }: { body?: Buffer; secret?: string; now?: Date } = {},
) {
  const sample = sampleOf(provider, { id: 'sample-1', now: NOW });
  const bytes = body ?? sample.body;
  return signedAs(provider, bytes, {
    ...{ url: URL_SEEN, now, secrets: [secretFrom(provider, {}, secret).signing], headers: sample.headers },
  });
}

/** An answer in a provider's own shape: it wants that and no other. */
const ANSWERED = expect.objectContaining({ status: expect.any(Number) }) as unknown as Answer;

const delivery = (overrides: Partial<Delivery> = {}): Delivery => ({
  ...{ method: 'POST', url: URL_SEEN, headers: new Map(), body: Buffer.from('{}') },
  ...overrides,
});

describe.each([...underTest.values()].map((provider) => [provider.name, provider] as const))(
  'receive, %s',
  (_, provider) => {
    const status = provider.rejectionStatus;
    const bodyOf = (body: object) => (provider.emptyAnswers ? {} : { body });

    it('accepts a valid delivery once', async () => {
      const { receive: deliver, ports, reached } = setUp(provider);
      const own = provider.acknowledge && ANSWERED;
      expect(await deliver(signed(provider))).toEqual(own ?? { status: 200, ...bodyOf({ status: 'accepted' }) });
      // A delivery that can carry several events goes on whole: what is known is found behind the queue.
      const isWhole = ports.queue.events[0]?.parts !== undefined;
      // The processor of any other provider would take the delivery for an event.
      expect(isWhole && provider.batches !== true).toBe(false);
      const again = isWhole ? 'accepted' : 'duplicate';
      expect(await deliver(signed(provider))).toEqual(own ?? { status: 200, ...bodyOf({ status: again }) });
      expect(reached()).toEqual(isWhole ? [0, 2, 0] : [1, 1, 0]);
      expect(new Set(ports.queue.events.map(({ key }) => key)).size).toBe(1);
      expect(ports.queue.events[0]?.evidence).toMatchObject({ secretLabel: 'current', secretVersionId: 'v0' });
    });

    it('lets nothing that is not authentic reach the ledger or a queue', async () => {
      const { receive: deliver, ports, reached, options } = setUp(provider);
      const valid = signed(provider);
      const headers = (change: (values: readonly string[]) => readonly string[]) => ({
        ...valid,
        headers: new Map([...valid.headers].map(([name, values]) => [name, change(values)])),
      });
      const { body } = sampleOf(provider, { id: 'sample-1', now: NOW });
      const { coverage, headers: proving } = schemeOf(provider, options);
      const forgeries = [
        signed(provider, { secret: 'another' }),
        ...(coverage === 'body' ? [{ ...valid, body: Buffer.concat([valid.body, Buffer.from(' ')]) }] : []),
        ...(proving.length > 0 ? [headers(() => ['x']), headers((values) => [...values, ...values])] : []),
        delivery({ body }),
        delivery({ body: Buffer.alloc(0) }),
      ];
      const allowed = [status, ...Object.values(provider.rejectionStatuses ?? {})];
      for (const forgery of forgeries) {
        const answer = await deliver(forgery);
        expect(answer).toMatchObject(bodyOf({ error: expect.any(String) }));
        expect('body' in answer).toBe(provider.emptyAnswers !== true);
        expect(allowed).toContain(answer.status);
      }
      expect(reached()).toEqual([0, 0, 0]);
      expect(ports.observer.seen.filter((line) => line.startsWith('rejected:'))).toHaveLength(forgeries.length);
    });

    it('reads no secret for a delivery without a signature, or with too large a body', async () => {
      const { receive: deliver, reads } = setUp(provider, 1_000);
      expect(await deliver(delivery())).toEqual({
        status: provider.rejectionStatuses?.missing_signature ?? status,
        ...bodyOf({ error: 'missing_signature' }),
      });
      expect(await deliver({ ...signed(provider), body: Buffer.alloc(1_001) })).toEqual({
        status: provider.rejectionStatuses?.body_too_large ?? 413,
        ...bodyOf({ error: 'body_too_large' }),
      });
      expect(reads.count).toBe(0);
    });

    it('answers 2xx for an authentic body that cannot be processed, and quarantines it once', async () => {
      // Elsewhere a body of any kind can be an event, or the answer is the provider's own.
      if (identityOf(provider, defaultOptions(provider)) !== 'body' || provider.content || isSignedInBody(provider))
        return;
      const { receive: deliver, ports } = setUp(provider);
      const bodies = ['not json', '[]', '{}', '"text"', '\u0000'].map((text) => Buffer.from(text));
      for (const body of [...bodies, Buffer.from([0xff]), ...bodies])
        expect(Math.floor((await deliver(signed(provider, { body }))).status / 100)).toBe(2);
      expect(ports.queue.events).toEqual([]);
      expect(ports.quarantine.events).toHaveLength(bodies.length + 1);
    });

    it('answers other methods with 405 and what is allowed', async () => {
      const others = ['GET', 'PUT', 'DELETE'].filter((method) => !provider.methods.some((own) => own === method));
      const answer = await setUp(provider).receive(delivery({ method: others[0] ?? 'TRACE' }));
      expect(answer).toMatchObject({ status: 405, headers: { allow: provider.methods.join(', ') } });
    });

    it('tells the provider to retry where a service fails, and heals', async () => {
      const { receive: deliver, ports } = setUp(provider);
      const send = ports.queue.send.bind(ports.queue);
      ports.queue.send = () => Promise.reject(new Error('down'));
      expect(await deliver(signed(provider))).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      ports.queue.send = send;
      expect((await deliver(signed(provider))).status).toBeLessThan(300);
      expect(ports.queue.events).toHaveLength(1);
      ports.secrets.read = () => Promise.reject(new Error('down'));
      expect(await deliver(signed(provider))).toMatchObject({ status: 503 });
    });
  },
);

describe('receive', () => {
  const nvsep = providers.get('nvsep');
  if (!nvsep) throw new Error('no nvsep');

  describe('with a secret of several parts', () => {
    const provider: Provider = {
      ...nvsep,
      scheme: hmac({
        hash: 'sha256',
        key: { encoding: 'utf8', part: 'appSecret' },
        signature: { header: 'x-signature', encoding: 'hex' },
        signed: ['body'],
      }),
      secret: {
        madeBy: 'provider',
        parts: {
          appSecret: 'the secret of the app',
          keyId: { description: 'eight digits', pattern: /^\d{8}$/, example: '12345678', optional: true },
        },
      },
    };

    it('says what is wrong with one that has another shape', () => {
      const flaw = (secret: unknown) =>
        secretShapeFlaw(provider, {}, typeof secret === 'string' ? secret : JSON.stringify(secret));
      const shape = 'must be a JSON object with the texts "appSecret" and "keyId" (optional)';
      for (const wrong of [
        'text',
        '[]',
        {},
        { appSecret: '' },
        { appSecret: 'a', other: 'b' },
        { appSecret: 'a', keyId: 1 },
      ])
        expect(flaw(wrong)).toBe(shape);
      expect(flaw({ appSecret: 'a', keyId: '1' })).toBe(
        'has a "keyId" that is not written as it must be: eight digits',
      );
      expect(flaw({ appSecret: 'a' })).toBeUndefined();
      expect(flaw(secretFrom(provider, {}, 'seed').stored)).toBeUndefined();
    });

    it('answers 503, and refuses nothing, as long as the stored secret has another shape', async () => {
      const { receive: deliver, ports } = setUp(provider);
      ports.secrets.read = () => Promise.resolve([{ value: 'not JSON', label: 'current', versionId: 'v0' }]);
      expect(await deliver(signed(provider))).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      expect(ports.observer.seen).toContain('unavailable:verify:SecretShapeError');
      // A version of the right shape beside it goes on being used.
      const { stored } = secretFrom(provider, {}, SECRET);
      ports.secrets.read = () =>
        Promise.resolve([
          { value: 'not JSON', label: 'current', versionId: 'v0' },
          { value: stored, label: 'previous', versionId: 'v1' },
        ]);
      expect(await deliver(signed(provider))).toMatchObject({ status: 200 });
    });
  });

  describe('with keys that the provider publishes', () => {
    const provider: Provider = {
      ...nvsep,
      scheme: jwt({
        in: 'bearer',
        key: { algorithm: 'ES256', fetch: jwks('https://keys.example.com/jwks.json') },
        claims: { maxAgeSeconds: 300, bodyHash: { claim: 'body_sha256', encoding: 'hex' } },
      }),
    };
    const clock = (): number => NOW.getTime();
    const answerWith = (get: Keys['get']) => {
      const { ports, options } = setUp(provider);
      const source = { name: 'published', provider, options, windowSeconds: 3600, maxBodyBytes: 10_000 };
      return receive(signed(provider), source, { ...ports, clock, keys: { get } });
    };

    it('refuses nothing as long as they cannot be fetched, and refuses a key that is not among them', async () => {
      expect(await answerWith(() => Promise.reject(new Error('down')))).toMatchObject({ status: 503 });
      expect(await answerWith(() => Promise.resolve(undefined))).toMatchObject({ status: 401 });
      const key = createPublicKey(createPrivateKey(secretFrom(provider, {}, SECRET).signing));
      expect(await answerWith(() => Promise.resolve(key))).toMatchObject({ status: 200 });
    });
  });

  describe('with a handshake that signs what it is sent', () => {
    const TOKEN = handshakeToken('A-Za-z0-9', 24);
    const provider: Provider = {
      ...nvsep,
      methods: ['POST', 'GET'],
      handshakes: {
        token: TOKEN,
        challenge(given, secret, context) {
          const token = TOKEN.read(new Received(given, context).query.get('token'));
          if (token === undefined) return undefined;
          const made = schemeOf(provider, {}).sign({
            url: given.url,
            body: Buffer.from(token),
            secrets: [secret],
            now: NOW,
          });
          return { status: 200, body: made.headers };
        },
      },
    };

    it('signs no event for a stranger: what a token can be is not a delivery', async () => {
      const { receive: deliver, reached } = setUp(provider);
      const ask = (token: string) =>
        deliver(delivery({ method: 'GET', url: `${URL_SEEN}?token=${encodeURIComponent(token)}` }));
      const answer = await ask('challenge1');
      expect(answer.status).toBe(200);
      const headers = Object.entries(answer.body ?? {}).map(([name, text]) => [name, [String(text)]] as const);
      const stolen = delivery({ headers: new Map(headers), body: Buffer.from('challenge1') });
      expect(await deliver(stolen)).toEqual({ status: 400, body: { error: 'malformed_request' } });
      expect(reached()).toEqual([0, 0, 0]);
      for (const token of ['{"id":"1"}', '', 'a'.repeat(25), 'a\n', 'é']) expect((await ask(token)).status).toBe(401);
      expect(await deliver(signed(provider))).toMatchObject({ status: 200 });
    });
  });

  describe('with a handshake of somebody’s own that throws', () => {
    const asked: number[] = [];
    const provider: Provider = {
      ...nvsep,
      methods: ['POST', 'GET'],
      handshakes: {
        echo({ body }) {
          asked.push(body.length);
          const { challenge } = JSON.parse(body.toString()) as { readonly challenge?: string };
          return challenge === undefined ? undefined : { status: 200, body: challenge };
        },
        challenge: ({ url }) => ({ status: 200, body: decodeURIComponent(url.split('?token=')[1] ?? '%') }),
      },
    };

    it('refuses what nobody has signed, and lets no stranger page anybody', async () => {
      const { receive: deliver, ports, reached } = setUp(provider);
      expect(await deliver(delivery({ body: Buffer.from('no JSON') }))).toMatchObject({ status: 401 });
      expect(await deliver(delivery({ method: 'GET' }))).toMatchObject({ status: 401 });
      expect(await deliver(delivery({ method: 'GET', url: `${URL_SEEN}?token=%zz` }))).toMatchObject({ status: 401 });
      expect(reached()).toEqual([0, 0, 0]);
      expect(ports.observer.seen.filter((seen) => seen.startsWith('unavailable'))).toEqual([]);
    });

    it('answers what is a handshake, and accepts what is signed', async () => {
      const { receive: deliver } = setUp(provider);
      const challenge = delivery({ body: Buffer.from('{"challenge":"a"}') });
      expect(await deliver(challenge)).toEqual({ status: 200, body: 'a' });
      const asking = delivery({ method: 'GET', url: `${URL_SEEN}?token=b`, body: Buffer.from('{}') });
      expect(await deliver(asking)).toEqual({ status: 200, body: 'b' });
      expect(await deliver(signed(provider))).toMatchObject({ status: 200, body: { status: 'accepted' } });
      const notJson = await deliver(signed(provider, { body: Buffer.from('no JSON') }));
      expect(notJson).toMatchObject({ status: 200, body: { status: 'quarantined' } });
    });

    it('is not asked about a body that is too large', async () => {
      const { receive: deliver } = setUp(provider, 20);
      asked.length = 0;
      expect(await deliver(delivery({ body: Buffer.from(`{"challenge":"${'a'.repeat(20)}"}`) }))).toMatchObject({
        status: 413,
      });
      expect(asked).toEqual([]);
      expect(await deliver(delivery({ body: Buffer.from('{"challenge":"a"}') }))).toMatchObject({ status: 200 });
    });
  });

  it('reads the secrets again for a signature that none of them made', async () => {
    const { receive: deliver, ports } = setUp(nvsep);
    ports.secrets.reread = () => Promise.resolve([{ value: 'stored just now', label: 'pending', versionId: 'v9' }]);
    expect(await deliver(signed(nvsep, { secret: 'stored just now' }))).toMatchObject({ status: 200 });
    expect(ports.observer.seen).toContain('verified:pending');
  });

  it('refuses nothing where it is not known whether there is a newer secret', async () => {
    const { receive: deliver, ports } = setUp(nvsep);
    ports.secrets.reread = () => Promise.reject(new Error('down'));
    expect(await deliver(signed(nvsep, { secret: 'stored just now' }))).toMatchObject({ status: 503 });
    expect(ports.observer.seen).toContain('unavailable:verify:Error');
  });

  describe('what a stranger can have undecided', () => {
    const given = (reason: UndecidedReason) => {
      const { receive: deliver, ports } = setUp(nvsep);
      ports.secrets.read = () => Promise.reject(new UndecidedError(reason));
      return { deliver, seen: ports.observer.seen };
    };

    it.each<[UndecidedReason, string]>([
      ['keys_busy', 'rejected:keys_busy'],
      ['no_secret', 'secretMissing'],
    ])('is answered 503 and is not an outage: %s', async (reason, noted) => {
      const { deliver, seen } = given(reason);
      expect(await deliver(signed(nvsep))).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      expect(seen).toEqual(['received', noted]);
    });

    it('is so for a handshake by GET too', async () => {
      const [asked] = [...providers.values()].filter(({ handshakes }) => handshakes?.challenge !== undefined);
      if (!asked) throw new Error('no provider has such a handshake');
      const { receive: deliver, ports } = setUp(asked);
      ports.secrets.read = () => Promise.reject(new UndecidedError('no_secret'));
      const method = asked.methods.find((each) => each === 'GET' || each === 'HEAD') ?? 'GET';
      expect(await deliver(delivery({ method }))).toMatchObject({ status: 503 });
      expect(ports.observer.seen).toEqual(['secretMissing']);
    });
  });

  it('quarantines an event older than the window: the ledger may have forgotten it', async () => {
    const { receive: deliver, ports } = setUp(nvsep);
    const old = new Date(NOW.getTime() - 3600_001);
    const body = sampleOf(nvsep, { id: 'old', now: old }).body;
    expect(await deliver(signed(nvsep, { body }))).toMatchObject({ status: 200, body: { status: 'quarantined' } });
    expect(ports.quarantine.events).toMatchObject([{ quarantine: 'older_than_window' }]);
  });
});
