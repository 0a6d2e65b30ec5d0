import { describe, expect, it } from '@jest/globals';
import template from '../../../examples/new-provider/provider.ts';
import { defineProvider } from '../../../lambdas/core/provider.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { anyOf } from '../../../lambdas/core/schemes/any-of.ts';
import { list } from '../../../lambdas/core/schemes/forms.ts';
import { hmac, hmacScheme } from '../../../lambdas/core/schemes/hmac.ts';
import { jwt } from '../../../lambdas/core/schemes/jwt.ts';
import { pairs } from '../../../lambdas/core/schemes/pairs.ts';
import { publicKeyScheme } from '../../../lambdas/core/schemes/public-key.ts';
import type { PublicKeySpec } from '../../../lambdas/core/schemes/public-key.ts';
import type { Scheme } from '../../../lambdas/core/schemes/scheme.ts';
import { token } from '../../../lambdas/core/schemes/token.ts';
import { providerFlaw } from '../../../lib/config/provider-check.ts';
import { schemeFlaw } from '../../../lib/config/scheme-check.ts';
import { ownScheme } from '../../lambdas/providers/deliveries.ts';
import { underTest } from '../../lambdas/providers/subjects.ts';

/** The flaw of the template with other fields, which nobody has type-checked. */
const flawOf = (changes: object): string | undefined => providerFlaw({ ...template, ...changes });

const SIGNATURE = { header: 'x-acme-signature', encoding: 'hex' } as const;
const TIME = { header: 'x-acme-time', unit: 's', toleranceSeconds: 300 } as const;
const HMAC = { hash: 'sha256', key: 'utf8', signature: SIGNATURE, signed: ['body'] } as const;

/** A scheme of a description as a file may state it, whatever the types say. */
const made = (changes: object): Scheme => hmacScheme({ ...HMAC, ...changes });

describe('a description of a scheme that no type has checked', () => {
  it.each<[what: string, changes: object, flaw: string]>([
    [
      'a timestamp that is not signed',
      { timestamp: TIME },
      'whose "timestamp" is not among the parts that are signed, ["body"]: anybody could change it. Add it there as the provider signs it, or remove timestamp',
    ],
    [
      'an id that is not signed',
      { id: { header: 'x-acme-id' } },
      'whose "id" is not among the parts that are signed, ["body"]: anybody could change it. Add it there as the provider signs it, or remove id',
    ],
    [
      'a signed timestamp that is not stated',
      { signed: ['timestamp', { text: '.' }, 'body'] },
      'that signs "timestamp" and does not state it: add timestamp: { … }',
    ],
    [
      'a signed id that is not stated',
      { signed: ['id', { text: '.' }, 'body'] },
      'that signs "id" and does not state it: add id: { … }',
    ],
    [
      'no body',
      { timestamp: TIME, signed: ['timestamp', { text: '.' }] },
      'whose "signed" is ["timestamp",{"text":"."}]: "body" must be in it, and once',
    ],
    ['nothing signed', { signed: [] }, 'whose "signed" is []: "body" must be in it, and once'],
    [
      'an unknown part',
      { signed: ['path', 'body'] },
      'that signs "path": a part is one of "body", "timestamp", "id", "method", "url", { text } or { header }',
    ],
    [
      'a text without a character',
      { signed: [{ text: '' }, 'body'] },
      'that signs {"text":""}: a part is one of "body", "timestamp", "id", "method", "url", { text } or { header }',
    ],
    [
      'a timestamp in two places',
      {
        signature: { ...SIGNATURE, form: pairs({ timestamp: 't', signature: 'v1' }) },
        ...{ timestamp: TIME, signed: ['timestamp', { text: '.' }, 'body'] },
      },
      'whose timestamp is in a pair of the signature\'s header, and in the header "x-acme-time": remove one of them',
    ],
    [
      'a timestamp in no place',
      { timestamp: { unit: 's', toleranceSeconds: 300 }, signed: ['timestamp', { text: '.' }, 'body'] },
      'whose timestamp is in no header: state timestamp.header',
    ],
    [
      'an unknown unit',
      { timestamp: { ...TIME, unit: 'seconds' }, signed: ['timestamp', { text: '.' }, 'body'] },
      'whose "unit" is "seconds": it must be one of "s", "ms", "iso"',
    ],
    [
      'a tolerance that is no number',
      { timestamp: { ...TIME, toleranceSeconds: '300' }, signed: ['timestamp', { text: '.' }, 'body'] },
      'whose "toleranceSeconds" is "300": it must be a number above 0',
    ],
    [
      'an unknown encoding',
      { signature: { ...SIGNATURE, encoding: ['hex', 'HEX'] } },
      'whose "encoding" is "HEX": it must be one of "hex", "base64", "base64url"',
    ],
    ['an unknown hash', { hash: 'sha384' }, 'whose "hash" is "sha384": it must be one of "sha1", "sha256", "sha512"'],
    [
      'an unknown key',
      { key: { encoding: 'HEX' } },
      'whose "key" is "HEX": it must be one of "utf8", "hex", "base64", "base64url"',
    ],
  ])('is refused with %s', (_what, changes, flaw) => {
    expect(flawOf({ scheme: made(changes) })).toBe(`has a scheme ${flaw}`);
  });

  it('is refused beside others, of a public key, and if the options choose it', () => {
    const loose = made({ timestamp: TIME });
    const flaw = expect.stringMatching(/^has a scheme whose "timestamp" is not among/);
    expect(flawOf({ scheme: () => loose })).toEqual(flaw);
    expect(flawOf({ scheme: anyOf(made({ timestamp: TIME }), loose) })).toEqual(flaw);
    const sound = made({ timestamp: TIME, signed: ['timestamp', { text: '.' }, 'body'] });
    expect(flawOf({ scheme: anyOf(sound, anyOf(sound, loose)) })).toEqual(flaw);
    const spec = { algorithm: 'ed25519', key: 'hex', signature: SIGNATURE, timestamp: TIME, signed: ['body'] };
    expect(flawOf({ scheme: publicKeyScheme(spec as PublicKeySpec) })).toEqual(flaw);
    const { timestamp: _, ...unknown } = { ...spec, key: 'pem ' };
    expect(flawOf({ scheme: publicKeyScheme(unknown as PublicKeySpec) })).toBe(
      'has a scheme whose "key" is "pem ": it must be one of "hex", "base64", "base64-spki", "pem"',
    );
  });

  it('is sound in every provider of the catalogue, and in the template', () => {
    expect([...underTest.values()].map((provider) => schemeFlaw(ownScheme(provider)))).toEqual(
      Array.from(underTest, () => undefined),
    );
    expect(flawOf({})).toBeUndefined();
  });
});

describe('a header that is named as the vendor’s page writes it', () => {
  const KEY = { algorithm: 'HS256', secret: 'utf8' } as const;

  it.each<[string, Scheme]>([
    ['of a signature', hmac({ ...HMAC, signature: { header: 'X-Acme-Signature', encoding: 'hex' } })],
    ['of a list', hmac({ ...HMAC, signature: { header: 'X-Acme-Signature', encoding: 'hex', form: list() } })],
    [
      'of a timestamp',
      hmac({
        ...HMAC,
        timestamp: { header: 'X-Acme-Time', unit: 's', toleranceSeconds: 300 },
        signed: ['timestamp', { text: '.' }, 'body'],
      }),
    ],
    ['of an id', hmac({ ...HMAC, id: { header: 'X-Acme-Id' }, signed: ['id', { text: '.' }, 'body'] })],
    ['of a part', hmac({ ...HMAC, signed: [{ header: 'X-Acme-Id' }, { text: '.' }, 'body'] })],
    ['of a token', token({ in: { header: 'X-Acme-Token' } })],
    ['of a web token', jwt({ in: { header: 'X-Acme-Token' }, key: KEY, claims: { maxAgeSeconds: 300 } })],
  ])('is that of deliveries: %s', (_what, scheme) => {
    expect(scheme.headers.map(({ name }) => name)).toEqual(scheme.headers.map(({ name }) => name.toLowerCase()));
    const sample = () => ({ body: '{}', headers: { 'X-Acme-Id': 'one', 'X-Acme-Type': 'made' } });
    const readEvents: Provider['readEvents'] = (received) => ({
      ...{ key: received.header('X-Acme-Id'), type: received.header('X-Acme-Type'), unsignedId: true },
    });
    expect(flawOf({ scheme, identity: 'unsigned header', readEvents, sample })).toBeUndefined();
  });

  it('must be in lower case in a scheme of one’s own, whose deliveries have it so', () => {
    const { scheme } = defineProvider({ ...template, scheme: made({}) });
    const own: Scheme = { ...scheme, headers: [{ name: 'X-Acme-Signature', carries: 'signature' }] };
    expect(flawOf({ scheme: own })).toBe(
      'has a scheme whose "headers" name "X-Acme-Signature": write it in lower case',
    );
    const readEvents: Provider['readEvents'] = ({ headers }) => ({ key: headers.get('X-Acme-Id')?.[0], type: 'made' });
    const sample = () => ({ body: '{}', headers: { 'X-Acme-Id': 'one' } });
    expect(flawOf({ readEvents, sample })).toBe('has a sample that would be quarantined: no_event_id');
  });
});

describe('a handshake', () => {
  const answer = { status: 200, body: 'challenge' };

  it('must not answer what is an event', () => {
    const rule = 'that answers its own sample: it must return undefined for an event';
    expect(flawOf({ handshakes: { echo: () => answer } })).toBe(`has a handshake, echo, ${rule}`);
    expect(flawOf({ handshakes: { echo: () => Promise.resolve(undefined) } })).toBe(`has a handshake, echo, ${rule}`);
    expect(flawOf({ handshakes: { signed: () => answer } })).toBe(`has a handshake, signed, ${rule}`);
    expect(flawOf({ handshakes: { echo: () => undefined, signed: () => undefined } })).toBeUndefined();
  });
});

it('the fields of an attempt may be a function of the options', () => {
  expect(flawOf({ attemptFields: () => ['attempt'] })).toBeUndefined();
  expect(flawOf({ attemptFields: 'attempt' })).toMatch(/^has a "attemptFields" that is not a list of paths/);
});
