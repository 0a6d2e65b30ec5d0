import { describe, expect, it } from '@jest/globals';
import type { Answer, Delivery } from '../../../../lambdas/core/delivery.ts';
import { secretFrom } from '../../../../lambdas/core/provider-secret.ts';
import { sampleOf } from '../../../../lambdas/core/provider.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import { providers } from '../../../../lambdas/providers/index.ts';
import { signed as signedAs } from '../../providers/deliveries.ts';
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
  const reached = () => [ports.ledger.items.size, ports.queue.events.length, ports.quarantine.events.length];
  return { ports, reads, reached, receive: (delivery: Delivery) => receive(delivery, source, ports) };
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

describe.each([...providers.values()].map((provider) => [provider.name, provider] as const))(
  'receive, %s',
  (_, provider) => {
    const status = provider.rejectionStatus;

    it('accepts a valid delivery once', async () => {
      const { receive: deliver, ports, reached } = setUp(provider);
      const own = provider.acknowledge && ANSWERED;
      expect(await deliver(signed(provider))).toEqual(own ?? { status: 200, body: { status: 'accepted' } });
      expect(await deliver(signed(provider))).toEqual(own ?? { status: 200, body: { status: 'duplicate' } });
      expect(reached()).toEqual([1, 1, 0]);
      expect(ports.queue.events[0]?.evidence).toMatchObject({ secretLabel: 'current', secretVersionId: 'v0' });
    });

    it('lets nothing that is not authentic reach the ledger or a queue', async () => {
      const { receive: deliver, ports, reached } = setUp(provider);
      const valid = signed(provider);
      const forgeries = [
        signed(provider, { secret: 'another' }),
        { ...valid, body: Buffer.concat([valid.body, Buffer.from(' ')]) },
        { ...valid, headers: new Map([...valid.headers].map(([name]) => [name, ['x']])) },
        { ...valid, headers: new Map([...valid.headers].map(([name, values]) => [name, [...values, ...values]])) },
        delivery({ body: valid.body }),
        delivery({ body: Buffer.alloc(0) }),
      ];
      for (const forgery of forgeries)
        expect(await deliver(forgery)).toMatchObject({ status, body: { error: expect.any(String) } });
      expect(reached()).toEqual([0, 0, 0]);
      expect(ports.observer.seen.filter((line) => line.startsWith('rejected:'))).toHaveLength(forgeries.length);
    });

    it('reads no secret for a delivery without a signature, or with too large a body', async () => {
      const { receive: deliver, reads } = setUp(provider, 1_000);
      expect(await deliver(delivery())).toEqual({ status, body: { error: 'missing_signature' } });
      expect(await deliver(signed(provider, { body: Buffer.alloc(1_001) }))).toEqual({
        status: 413,
        body: { error: 'body_too_large' },
      });
      expect(reads.count).toBe(0);
    });

    it('answers 200 for an authentic body that cannot be processed, and quarantines it once', async () => {
      // Elsewhere a body of any kind can be an event, or the answer is the provider's own.
      if (provider.identity !== 'body' || provider.content) return;
      const { receive: deliver, ports } = setUp(provider);
      const bodies = ['not json', '[]', '{}', '"text"', '\u0000'].map((text) => Buffer.from(text));
      for (const body of [...bodies, Buffer.from([0xff]), ...bodies])
        expect(await deliver(signed(provider, { body }))).toMatchObject({ status: 200 });
      expect(ports.queue.events).toEqual([]);
      expect(ports.quarantine.events).toHaveLength(bodies.length + 1);
    });

    it('answers other methods with 405 and what is allowed', async () => {
      const answer = await setUp(provider).receive(delivery({ method: 'GET' }));
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

  it('quarantines an event older than the window: the ledger may have forgotten it', async () => {
    const { receive: deliver, ports } = setUp(nvsep);
    const old = new Date(NOW.getTime() - 3600_001);
    const body = sampleOf(nvsep, { id: 'old', now: old }).body;
    expect(await deliver(signed(nvsep, { body }))).toMatchObject({ status: 200, body: { status: 'quarantined' } });
    expect(ports.quarantine.events).toMatchObject([{ quarantine: 'older_than_window' }]);
  });
});
