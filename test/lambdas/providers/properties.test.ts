import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { identityOf, sampleOf } from '../../../lambdas/core/provider.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { identify, identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { cgiEscape } from '../../../lambdas/core/schemes/cgi-escape.ts';
import { hmacSpecOf } from '../../../lambdas/core/schemes/hmac.ts';
import { headersBesideBody } from '../../../lambdas/core/schemes/parts.ts';
import {
  defaultOptions,
  delivery,
  headerOf,
  isSignedInBody,
  later,
  NOW,
  ownScheme,
  refusal,
  secret,
  SECRET,
  secretsOf,
  signable,
  signed,
  sourceOf,
  verdictOf,
  verified,
  withHeader,
} from './deliveries.ts';
import { underTest } from './subjects.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(',', '=', ' ', '\t', 't', 'v1', '0', 'a', 'F', '-', ':', 'Z', '\0', '\ud800') }),
  fc.integer().map(String),
  fc.date().map(String),
);
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const key = fc.string({ unit: 'grapheme', minLength: 1 });

/** The kind of a provider, by what its reading depends on: providers of one kind differ in names of headers and fields. */
const kindOf = (provider: Provider): string => {
  const { title, coverage, headers } = ownScheme(provider);
  const forms = headers.map(({ carries, optional }) => [carries, optional]);
  return JSON.stringify([
    title,
    coverage,
    forms,
    identityOf(provider, defaultOptions(provider)),
    provider.content,
    provider.batches,
  ]);
};
const kinds = Map.groupBy(underTest.values(), kindOf);

describe.each([...underTest])('%s, whatever comes', (_name, provider) => {
  /** Of each kind the first is tried with many runs, the others with a few: `npm run fuzz` runs as many of all as it is told. */
  const runs = (most = 50) => ({ numRuns: kinds.get(kindOf(provider))?.[0] === provider ? most : most / 10 });
  const names = ownScheme(provider).headers.map(({ name }) => name);
  /** Pieces of valid headers, so that the parsers get further than their first check. */
  const pieces = names.flatMap((name) => {
    const [value] = signed(provider, 'another body').headers.get(name) ?? [];
    return value === undefined ? [] : [value, value.slice(0, 20), value.slice(20), ...value.split(/[,=]/)];
  });
  /** A signature or a token in the body: what is signed is a body of the provider's form. */
  const isInBody = names.length === 0;
  /** A header that touches the body: the body begins as the provider's do. */
  const touchesBody = headersBesideBody(hmacSpecOf(ownScheme(provider))?.signed ?? []).length > 0;
  const ownBody = sampleOf(provider, { id: 'properties', now: NOW }).body;
  const [first] = names;
  const token =
    first !== undefined && ownScheme(provider).coverage === 'caller'
      ? headerOf(signed(provider, ''), first)
      : undefined;
  const value = fc.oneof(
    text,
    fc.array(fc.oneof(fc.constantFrom('', ...pieces), text)).map((parts) => parts.join('')),
  );
  const headers = fc.record(Object.fromEntries(names.map((name) => [name, fc.array(value, { maxLength: 3 })])), {
    requiredKeys: [],
  });

  // A signature in the body is in none of the headers.
  const inHeaders = (name: string, run: () => void): void => {
    if (!isSignedInBody(provider)) it(name, run);
  };
  inHeaders('no header makes reading it throw, and none is accepted', () => {
    fc.assert(
      fc.property(headers, bytes, (sent, body) => {
        // A token goes with every body.
        fc.pre(token === undefined || names.every((name) => sent[name]?.[0] !== token));
        expect(refusal(provider, delivery(sent, body))).toMatch(/^(missing|malformed)_|_mismatch$|_out_of_window$/);
      }),
      runs(300),
    );
  });

  inHeaders('no other text in one header of a valid delivery is accepted', () => {
    const valid = signed(provider, '{}');
    fc.assert(
      fc.property(fc.constantFrom(...names), value, (name, sent) => {
        fc.pre(valid.headers.has(name) && sent !== headerOf(valid, name));
        expect(refusal(provider, withHeader(valid, name, [sent]))).not.toBe('accepted');
      }),
      runs(),
    );
  });

  it('what is signed is accepted, with any of the secrets it is compared with', () => {
    // Keys that are fetched are those of the provider, whatever they are asked for with.
    if (ownScheme(provider).fetchesKeys) return;
    fc.assert(
      fc.property(bytes, fc.uniqueArray(key, { minLength: 1, maxLength: 3 }), fc.nat(), (any, seeds, pick) => {
        const body = isInBody || touchesBody ? ownBody : any;
        const used = seeds[pick % seeds.length] ?? '';
        const of = signed(provider, signable(provider, body), { secrets: [secretsOf(provider, used).signing] });
        const secrets = seeds.map((seed) => secret(secretsOf(provider, seed).stored));
        expect(verdictOf(provider, of, { secrets }).ok).toBe(true);
        const other = secret(secretsOf(provider, `${used}x`).stored);
        expect(refusal(provider, of, { secrets: [other] })).toBe('signature_mismatch');
      }),
      runs(),
    );
  });

  it('what is signed at any time is accepted then', () => {
    // Since 2001 a time has ten digits, or thirteen.
    const time = fc.date({ min: new Date('2001-09-10'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(time, (now) => {
        expect(refusal(provider, signed(provider, signable(provider, '{}'), { now }), { now })).toBe('accepted');
      }),
      runs(),
    );
  });

  it('every body becomes an event, one of a JSON object or one for quarantine', () => {
    const source = sourceOf(provider);
    const body = fc.oneof(
      bytes,
      fc.json().map((value) => Buffer.from(value)),
      fc.object().map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(body, (of) => {
        const events = identifyAll(verified(delivery({}, of)), source);
        if (!provider.batches) expect(events.map(({ body: own }) => own.equals(of))).toEqual([true]);
        for (const event of events) {
          expect(of.includes(event.body)).toBe(true);
          // Without an identity of its own an event is known by its body, in quarantine or not.
          if (event.keyKind !== 'body-hash') expect(event.quarantine).not.toMatch(/^no_event_id$|^not_json$/);
          else if (identityOf(provider, source.options) === 'body' && !provider.content)
            expect(event.quarantine).toBeDefined();
        }
      }),
      runs(),
    );
  });

  const sampleDelivery = (input: { id: string; now: Date; type: string }) => {
    const { body, headers: carried } = sampleOf(provider, input);
    return delivery(carried, body);
  };

  it('every sample of another id is another event, of its type', () => {
    const id = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }).filter((each) => each.trim() !== '');
    const type = fc.stringMatching(/^[a-z][a-z_.]{0,39}$/);
    const source = sourceOf(provider);
    fc.assert(
      fc.property(id, id, type, fc.nat(1e6), (a, b, of, seconds) => {
        const now = later(seconds);
        const [one, two] = [a, b].map((each) =>
          identify(verified(sampleDelivery({ id: each, now, type: of }), now), source),
        );
        expect(one).toMatchObject({ type: of });
        expect(one).not.toHaveProperty('quarantine');
        expect(one?.key === two?.key).toBe(a === b);
      }),
      { ...runs(), examples: [['.', '..', 'a', 0]] },
    );
  });

  inHeaders('a header over the limit is refused before it is looked into', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4097, maxLength: 20_000 }), (long) => {
        const of = withHeader(signed(provider, '{}'), names[0] ?? '', [long]);
        expect(refusal(provider, of, { secrets: [secret(SECRET)], now: NOW })).toBe('malformed_signature');
      }),
      runs(10),
    );
  });
});

describe('cgiEscape', () => {
  it('agrees, for text, with encodeURIComponent and what that leaves out', () => {
    const escape = (value: string): string =>
      encodeURIComponent(value)
        .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
        .replaceAll('%20', '+');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(cgiEscape(Buffer.from(value)).toString('latin1')).toBe(escape(value));
      }),
    );
  });

  const kept = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~';
  const escape = (byte: number): string => {
    const character = String.fromCharCode(byte);
    if (character === ' ') return '+';
    return kept.includes(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  };
  const escaped = Array.from({ length: 256 }, (_, byte) => escape(byte));
  const defined = (value: Uint8Array): string => Array.from(value, (byte) => escaped[byte]).join('');

  it('agrees, for bytes, with its definition', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(cgiEscape(value).toString('latin1')).toBe(defined(value));
      }),
    );
  });

  // It works in parts of 16 KB.
  it.each([16_383, 16_384, 16_385, 32_768, 40_000])('agrees with it for %i bytes', (length) => {
    for (const value of [Buffer.alloc(length, '{'), Buffer.alloc(length, 'a'), Buffer.alloc(length, 'é ~"')]) {
      expect(cgiEscape(value).toString('latin1') === defined(value)).toBe(true);
    }
  });
});
