import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { defaultWindowDays } from '../../../lambdas/core/provider.ts';
import { evidenceHeaders } from '../../../lambdas/core/schemes/scheme.ts';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { providerNamed, providers } from '../../../lambdas/providers/index.ts';
import { delivery, headerOf, later, NOW, ownScheme, signed, sourceOf, verified, withHeader } from './deliveries.ts';

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

describe('the registry', () => {
  it('has every provider file, under the name of the file', () => {
    const files = readdirSync(new URL('../../../lambdas/providers/', import.meta.url));
    const named = files
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => !['index', 'registered'].includes(name))
      // A file beside a provider's holds a part of it.
      .filter((name) => ![...providers.keys()].some((provider) => name.startsWith(`${provider}-`)));
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
describe.each([...providers])('%s', (name, provider) => {
  const body = Buffer.from(provider.sample({ id: 'contract-1', now: NOW }));
  const valid = signed(provider, body);
  const source = sourceOf(provider);
  const scheme = ownScheme(provider);
  const event = (of: Buffer | string, receivedAt = NOW) => identify(verified(signed(provider, of), receivedAt), source);

  describe('declares', () => {
    it('its names', () => {
      expect(provider.name).toBe(name);
      expect(name).toMatch(/^[a-z][a-z\d-]*$/);
      expect(provider.title).toMatch(/\S/);
    });

    it('its methods: POST, and OPTIONS where it has a handshake for it', () => {
      const answer = provider.handshake?.(delivery({}, '', { method: 'OPTIONS' }), {
        now: NOW,
        options: source.options,
      });
      expect(provider.methods).toEqual(answer ? ['POST', 'OPTIONS'] : ['POST']);
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

    it('an environment option exactly where its envelope has one', () => {
      const spec = provider.options.environment;
      expect(spec?.type === 'choice' ? spec.choices : undefined).toEqual(provider.environments);
    });

    it('a public URL option exactly where it signs the URL', () => {
      expect(provider.options.publicUrl?.type).toBe(scheme.signsUrl ? 'url' : undefined);
    });
  });

  describe('identifies', () => {
    it('a sample as an event to process', () => {
      expect(event(body)).toMatchObject({
        source: source.name,
        provider: name,
        key: expect.stringContaining('contract-1'),
        body,
        via: 'webhook',
      });
      expect(event(body)).not.toHaveProperty('quarantine');
      expect(event(body).type).not.toBe('unknown');
    });

    it('the type that a sample is made with', () => {
      expect(event(provider.sample({ id: 'a', now: NOW, type: 'some.other_type' })).type).toBe('some.other_type');
    });

    it("the sample's own time, where the provider sends one", () => {
      expect([NOW.toISOString(), undefined]).toContain(event(body).time);
    });

    it('a sample as the same event whenever it is received', () => {
      expect(provider.sample({ id: 'contract-1', now: NOW })).toBe(body.toString());
      expect(event(body, later(3600)).key).toBe(event(body).key);
    });

    it('samples of other ids as other events', () => {
      const keys = ['1', '2', '12', '1-2', ' 1', 'é'].map((id) => event(provider.sample({ id, now: NOW })).key);
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('the evidence: the signature headers, and nothing else of the headers', () => {
      const of = withHeader(valid, 'authorization', ['Bearer token']);
      expect(identify(verified(of), source).evidence).toEqual({
        headers: Object.fromEntries(evidenceHeaders(scheme).map((header) => [header, headerOf(valid, header)])),
        secretLabel: 'current',
        secretVersionId: 'version-current',
      });
    });

    it.each([
      ['nothing', ''],
      ['no JSON', '{"id":"1"'],
      ['two JSON texts', '{}{}'],
      ['an array', '[{"id":"1","event_id":"1","type":"t"}]'],
      ['a text', '"id"'],
      ['a number', '17'],
      ['null', 'null'],
      ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ])('%s as not_json', (_what, bytes) => {
      expect(event(bytes)).toMatchObject({ quarantine: 'not_json', type: 'unknown' });
      expect(event(bytes).key).toBe(`sha256:${event(bytes).bodyHash}`);
    });

    it.each(['{}', '{"__proto__":{"id":"1","event_id":"1","type":"t"}}', '{"data":{"id":"1","event_id":"1"}}'])(
      'an envelope without id or type, as %s, as one for quarantine',
      (text) => {
        expect(event(text).quarantine).toMatch(/^no_event_(id|type)$/);
        expect(event(text).key).toMatch(/^sha256:/);
      },
    );

    it.each(idJunk)('ids, types and times of %s without a crash, by key or in quarantine', (_what, junk) => {
      for (const field of Object.keys(JSON.parse(body.toString()) as object)) {
        const changed = event(JSON.stringify({ ...(JSON.parse(body.toString()) as object), [field]: junk }));
        expect(changed.key).toMatch(/./);
        expect(changed.key.length).toBeLessThanOrEqual(500);
        expect(changed.type.length).toBeLessThanOrEqual(128);
      }
    });
  });

  describe('asks nobody for a handshake', () => {
    it('where a delivery is signed', () => {
      const on = { now: NOW, options: { ...source.options, answerChallenge: true } };
      expect(provider.handshake?.(valid, on)).toBeUndefined();
      expect(provider.handshake?.(signed(provider, '{"challenge":"c"}'), on)).toBeUndefined();
    });

    it.each(['GET', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'options'])('where the method is %s', (method) => {
      const answer = provider.handshake?.(delivery({}, '', { method }), { now: NOW, options: source.options });
      expect(answer).toBeUndefined();
    });
  });
});
