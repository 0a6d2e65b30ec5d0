import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { secretShapeFlaw } from '../../../lambdas/core/provider-secret.ts';
import { bindsBodies, defaultWindowDays, HANDSHAKE_METHODS, identityOf } from '../../../lambdas/core/provider.ts';
import { evidenceHeaders } from '../../../lambdas/core/schemes/scheme.ts';
import { MULTIPART, OBJECT } from '../../../lambdas/core/content.ts';
import { identify, identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { providerNamed, providers } from '../../../lambdas/providers/index.ts';
import {
  delivery,
  later,
  NOW,
  ownScheme,
  sampled,
  secretsOf,
  signed,
  sourceOf,
  verified,
  withHeader,
} from './deliveries.ts';
import { isMine, underTest } from './subjects.ts';

const idJunk: [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['a list', ['a']],
  ['an object', { id: 'a' }],
  ['no characters', ''],
  ['blanks', ' \n'],
  ['half a pair', '\ud800'],
  ['a fraction', 1.5],
  ['a number too large', 1e300],
  ['10,000 characters', 'x'.repeat(10_000)],
];

// A customer's own providers are not in it.
(isMine ? describe.skip : describe)('the registry', () => {
  it('has every provider file, under the name of the file', () => {
    const folder = new URL('../../../lambdas/providers/', import.meta.url);
    const files = readdirSync(folder);
    const isProvider = (name: string): boolean =>
      files.includes(`${name}.ts`) && readFileSync(new URL(`${name}.ts`, folder), 'utf8').includes('defineProvider(');
    const named = files
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => !['index', 'registered'].includes(name))
      // A file beside a provider's can hold a part of it; so can the name of one provider begin with another's.
      .filter((name) => isProvider(name) || ![...providers.keys()].some((provider) => name.startsWith(`${provider}-`)));
    expect([...providers.keys()].sort()).toEqual(named.sort());
  });

  it('finds a provider by name, and says which there are', () => {
    expect(providerNamed('osigu')).toBe(providers.get('osigu'));
    expect(() => providerNamed('nobody')).toThrow(
      `Unknown provider "nobody"; known are ${[...providers.keys()].join(', ')}.`,
    );
    expect(() => providerNamed('constructor')).toThrow(/Unknown provider/);
  });
});

/** Rules that every provider has to follow, with contract-verify.test.ts; a new one is tested by its line in the registry. */
describe.each([...underTest])('%s', (name, provider) => {
  const sample = sampled(provider);
  const valid = signed(provider, sample.body, { headers: sample.headers });
  const source = sourceOf(provider);
  const scheme = ownScheme(provider);
  const { content = [OBJECT] } = provider;
  const identity = identityOf(provider, source.options);
  /** Bodies are one JSON object, whose fields name the event. */
  const isPlain = content.length === 1 && content[0] === OBJECT && identity === 'body' && !provider.batches;
  const event = (of: Buffer | string, receivedAt = NOW) => identify(verified(signed(provider, of), receivedAt), source);
  const sampleEvent = (input: Parameters<typeof sampled>[1], receivedAt = NOW) => {
    const { body, headers } = sampled(provider, input);
    return identify(verified(signed(provider, body, { headers }), receivedAt), source);
  };

  describe('declares', () => {
    it('its names', () => {
      expect(provider.name).toBe(name);
      expect(name).toMatch(/^[a-z][a-z\d-]*$/);
      expect(provider.title).toMatch(/\S/);
    });

    it('where its facts are from', () => {
      expect(provider.documents.source).toMatch(/\S/);
    });

    it('its methods: one for events, and others only for its handshakes', () => {
      const forEvents = provider.methods.filter((method) => !HANDSHAKE_METHODS.includes(method));
      expect(forEvents.length).toBeGreaterThan(0);
      const handshakes = provider.handshakes ?? {};
      const answers = 'echo' in handshakes || 'challenge' in handshakes;
      expect(provider.methods.length > forEvents.length).toBe(answers && provider.methods.length > forEvents.length);
    });

    it('its headers, in lower case, each once', () => {
      const names = scheme.headers.map(({ name: header }) => header);
      for (const header of names) expect(header).toMatch(/^[a-z\d-]+$/);
      expect(new Set(names).size).toBe(names.length);
    });

    it('a window that covers its retries', () => {
      expect(defaultWindowDays(provider) * 86_400).toBeGreaterThan(provider.retryHorizonSeconds);
    });

    it('a year of memory if no signed timestamp guards against replay, 14 days if one does', () => {
      expect(defaultWindowDays(provider)).toBe(scheme.replayWindowSeconds === undefined ? 365 : 14);
    });

    it('options with descriptions and defaults that are allowed', () => {
      for (const spec of Object.values(provider.options)) {
        expect(spec.description).toMatch(/\.$/);
        if (spec.type === 'choice' && spec.default !== undefined) expect(spec.choices).toContain(spec.default);
      }
    });

    it('an environment option exactly if its envelope has one', () => {
      const spec = provider.options.environment;
      expect(spec?.type === 'choice' ? spec.choices : undefined).toEqual(provider.environments);
    });

    it('a public URL option exactly if it signs the URL', () => {
      expect(provider.options.publicUrl?.type).toBe(scheme.signsUrl ? 'url' : undefined);
    });

    it('a secret that it takes, and no other shape of one', () => {
      const { stored } = secretsOf(provider);
      expect(secretShapeFlaw(provider, source.options, stored)).toBeUndefined();
      expect(secretShapeFlaw(provider, source.options, '')).toBeDefined();
      expect(secretShapeFlaw(provider, source.options, '{"another":"shape"}')).toBeDefined();
    });
  });

  describe('identifies', () => {
    it('a sample as one event to process', () => {
      const events = identifyAll(verified(valid), source);
      expect(events).toHaveLength(1);
      const [only] = events;
      expect(only).toMatchObject({ source: source.name, provider: name, via: 'webhook', coverage: scheme.coverage });
      expect(only).not.toHaveProperty('quarantine');
      expect(only?.type).not.toBe('unknown');
      expect(valid.body.includes(only?.body ?? 'nothing')).toBe(true);
      // The event of a multipart form is one of its fields.
      if (!provider.batches && !content.includes(MULTIPART)) expect(only?.body).toEqual(valid.body);
    });

    it('it by the id that it is made with, if it has one', () => {
      const { key, keyKind, unsignedId = false } = sampleEvent({});
      if (identity === 'none' || identity === 'signed time') expect(keyKind).toBe('body-hash');
      else expect(key).toContain('contract-1');
      expect(unsignedId).toBe(bindsBodies(provider, source.options));
    });

    it('the type that a sample is made with', () => {
      expect(sampleEvent({ id: 'a', type: 'some.other_type' }).type).toBe('some.other_type');
    });

    it("the sample's own time, if the provider sends one", () => {
      expect([NOW.toISOString(), undefined]).toContain(sampleEvent({}).time);
    });

    it('a sample as the same event whenever it is received', () => {
      expect(sampled(provider)).toEqual(sample);
      expect(sampleEvent({}, later(3600)).key).toBe(sampleEvent({}).key);
    });

    it('samples of other ids as other events', () => {
      const keys = ['1', '2', '12', '1-2', '1 1', 'a'].map((id) => sampleEvent({ id }).key);
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('the evidence: the headers that prove it, no credential, and nothing else', () => {
      const of = withHeader(valid, 'cookie', ['session']);
      const { evidence } = identify(verified(of), source);
      const kept = evidenceHeaders(scheme).filter((header) => valid.headers.has(header));
      expect(evidence).toEqual({
        headers: Object.fromEntries(kept.map((header) => [header, valid.headers.get(header)?.join(', ')])),
        secretLabel: 'current',
        secretVersionId: 'version-current',
      });
      for (const { name: header, carries } of scheme.headers)
        if (carries === 'token') expect(evidence.headers).not.toHaveProperty(header);
    });

    it.each([
      ['nothing', ''],
      ['no JSON', '{"id":"1"'],
      ['two JSON texts', '{}{}'],
      ['an array', '[{"id":"1","event_id":"1","type":"t"}]'],
      ['a text', '"id"'],
      ['a number', '17'],
      ['null', 'null'],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ])('%s without a crash, as not_json if bodies are JSON objects', (_what, bytes) => {
      const events = identifyAll(verified(signed(provider, bytes)), source);
      if (!content.every((kind) => kind === OBJECT)) {
        for (const { key } of events) expect(key).toMatch(/./);
        return;
      }
      expect(events).toMatchObject([{ quarantine: 'not_json', type: 'unknown' }]);
      expect(events[0]?.key).toBe(`sha256:${String(events[0]?.bodyHash)}`);
    });

    it.each(['{}', '{"__proto__":{"id":"1","event_id":"1","type":"t"}}', '{"data":{"id":"1","event_id":"1"}}'])(
      'an envelope without id or type, as %s, as one for quarantine, if the body names the event',
      (text) => {
        if (!isPlain) return;
        expect(event(text).quarantine).toMatch(/^no_event_(id|type)$/);
        expect(event(text).key).toMatch(/^sha256:/);
      },
    );

    it.each(idJunk)('ids, types and times of %s without a crash, by key or in quarantine', (_what, junk) => {
      if (!isPlain) return;
      const fields = JSON.parse(sample.body.toString()) as object;
      for (const field of Object.keys(fields)) {
        const changed = event(JSON.stringify({ ...fields, [field]: junk }));
        expect(changed.key).toMatch(/./);
        expect(changed.key.length).toBeLessThanOrEqual(500);
        expect(changed.type.length).toBeLessThanOrEqual(128);
      }
    });
  });

  describe('asks nobody for a handshake', () => {
    const flags = Object.entries(provider.options).filter(([, spec]) => spec.type === 'boolean');
    const on = { now: NOW, options: { ...source.options, ...Object.fromEntries(flags.map(([flag]) => [flag, true])) } };

    it('if a delivery is signed', () => {
      expect(provider.handshakes?.echo?.(valid, on)).toBeUndefined();
      expect(provider.handshakes?.echo?.(signed(provider, '{"challenge":"c"}'), on)).toBeUndefined();
    });

    it.each(['GET', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'options'])(
      'if the method is %s, and carries nothing',
      (method) => {
        const bare = delivery({}, '', { method });
        const echo = provider.handshakes?.echo?.(bare, on);
        // A question by HEAD is whether anybody is there: the answer says so, and nothing else.
        if (method !== 'HEAD') expect(echo).toBeUndefined();
        else expect([undefined, { status: 200 }]).toContainEqual(echo);
        if (!provider.methods.some((own) => own === method)) return;
        expect(provider.handshakes?.challenge?.(bare, secretsOf(provider).stored, on)?.status).not.toBe(204);
      },
    );
  });
});
