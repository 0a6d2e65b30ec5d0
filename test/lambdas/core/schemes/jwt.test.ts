import { createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwks } from '../../../../lambdas/core/schemes/jwks.ts';
import { jwt } from '../../../../lambdas/core/schemes/jwt.ts';
import type { Scheme } from '../../../../lambdas/core/schemes/scheme.ts';
import type { JwtSpec } from '../../../../lambdas/core/schemes/jwt.ts';
import { BODY, later, NOW, outcome, signedBy, withHeader } from './schemes.ts';

const KEYS = 'https://keys.example.com/jwks.json';
const claims = { issuer: 'acme', maxAgeSeconds: 300, bodyHash: { claim: 'body_sha256', encoding: 'hex' } } as const;
const hs256 = jwt({ in: 'bearer', key: { algorithm: 'HS256', secret: 'utf8' }, claims });
const es256 = jwt({ in: { header: 'x-acme-token' }, key: { algorithm: 'ES256', fetch: jwks(KEYS) }, claims });
const rs256 = jwt({
  in: 'bearer',
  key: { algorithm: 'RS256', fetch: jwks(KEYS) },
  claims: { issuer: 'acme', audience: ({ audience }) => String(audience), others: { email_verified: () => true } },
});
const options = { audience: 'us' };

const keyOf = (scheme: typeof hs256) =>
  scheme === hs256 ? {} : { key: createPublicKey(createPrivateKey(scheme.secretFrom('seed').signing)) };

const schemes: [string, Scheme, string][] = [
  ['HS256', hs256, 'authorization'],
  ['ES256', es256, 'x-acme-token'],
  ['RS256', rs256, 'authorization'],
];

describe.each(schemes)('a token of %s', (_name, scheme, header) => {
  const valid = signedBy(scheme, { options });
  const key = keyOf(scheme);
  const [value = ''] = valid.headers.get(header) ?? [];
  const bare = value.replace('Bearer ', '');
  const [head = '', payload = '', mac = ''] = bare.split('.');
  const says = (text: string) =>
    outcome(scheme, withHeader(valid, header, header === 'authorization' ? `Bearer ${text}` : text), {
      ...key,
      options,
    });
  const part = (object: object) => Buffer.from(JSON.stringify(object)).toString('base64url');

  it('verifies what it signs; the body is covered if a claim is its hash', () => {
    expect(outcome(scheme, valid, { ...key, options })).toBe('accepted');
    const other = outcome(scheme, { ...valid, body: Buffer.from('another') }, { ...key, options });
    expect(other).toBe(scheme.coverage === 'body' ? 'signature_mismatch' : 'accepted');
  });

  it('is refused if anything of it is changed', () => {
    expect(says(`${head}.${payload}.${mac.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`)).toBe(
      'signature_mismatch',
    );
    const forged = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), admin: true };
    expect(says(`${head}.${part(forged)}.${mac}`)).toBe('signature_mismatch');
  });

  it.each([
    ['no algorithm', { alg: 'none' }],
    ['another algorithm', { alg: 'HS512' }],
    ['an algorithm in another case', { alg: 'hs256' }],
    ['a critical extension', { alg: _name, crit: ['exp'] }],
    ['a key id that is no text', { alg: _name, kid: 1 }],
  ])('never chooses how it is verified: %s', (_what, other) => {
    // With a secret key no key id is looked at: the other header is then only not what was signed.
    const isUnread = _name === 'HS256' && 'kid' in other;
    expect(says(`${part(other)}.${payload}.${mac}`)).toBe(isUnread ? 'signature_mismatch' : 'malformed_signature');
  });

  it('may name its key by any printable text', () => {
    for (const kid of ['did:web:acme.example#key-1', '~', 'a'.repeat(200)])
      expect(says(`${part({ alg: _name, kid })}.${payload}.${mac}`)).toBe('signature_mismatch');
    for (const kid of ['a b', 'é', 'a\n', 'a'.repeat(201), null])
      expect(says(`${part({ alg: _name, kid })}.${payload}.${mac}`)).toBe(
        _name === 'HS256' ? 'signature_mismatch' : 'malformed_signature',
      );
  });

  it.each(['', 'a', 'a.b', '..', `${head}.${payload}.`, `${head}.${payload}.${mac}.x`, `${head}=.${payload}.${mac}`])(
    'is malformed as %j',
    (text) => {
      expect(says(text)).toBe('malformed_signature');
    },
  );

  it('is refused outside of its time', () => {
    const at = (seconds: number) => outcome(scheme, valid, { ...key, options, now: later(seconds) });
    expect(at(-200)).toBe('accepted');
    expect(at(299)).toBe('accepted');
    expect(at(362)).toBe('timestamp_out_of_window');
  });
});

describe('claims', () => {
  const made = (changes: Partial<JwtSpec['claims']>, said: object = {}) =>
    signedBy(jwt({ in: 'bearer', key: { algorithm: 'HS256', secret: 'utf8' }, claims: { ...claims, ...changes } }), {
      options: said as Record<string, string>,
    });

  it('must be those of the issuer, for us', () => {
    expect(outcome(hs256, made({ issuer: 'another' }))).toBe('signature_mismatch');
    const key = keyOf(rs256);
    const foreign = signedBy(rs256, { options: { audience: 'them' } });
    expect(outcome(rs256, foreign, { ...key, options })).toBe('signature_mismatch');
  });

  it('are no limit that can be passed over because nobody can read it', () => {
    const { stored } = hs256.secretFrom('seed');
    const [iat, hash] = [NOW.getTime() / 1000, createHash('sha256').update(BODY).digest('hex')];
    const says = (more: object) => {
      const [head, payload] = [{ alg: 'HS256' }, { iat, iss: 'acme', body_sha256: hash, ...more }].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      const text = `${head ?? ''}.${payload ?? ''}`;
      const mac = createHmac('sha256', stored).update(text).digest('base64url');
      return outcome(hs256, withHeader(signedBy(hs256), 'authorization', `Bearer ${text}.${mac}`));
    };
    expect(says({})).toBe('accepted');
    expect([says({ exp: iat + 1 }), says({ nbf: iat - 1 })]).toEqual(['accepted', 'accepted']);
    for (const name of ['exp', 'nbf', 'iat'])
      for (const value of [String(iat), '', null, [iat], 1e13])
        expect([name, value, says({ [name]: value })]).toEqual([name, value, 'malformed_timestamp']);
  });

  it('must say when the token was made', () => {
    const strict = jwt({
      in: 'bearer',
      key: { algorithm: 'HS256', secret: 'utf8' },
      claims: { ...claims, maxAgeSeconds: 60 },
    });
    expect(outcome(strict, signedBy(strict, { now: later(-61) }))).toBe('timestamp_out_of_window');
    expect(outcome(strict, signedBy(strict, { now: later(-60) }))).toBe('accepted');
  });
});

describe('a published key set', () => {
  const { key } = keyOf(es256);
  const jwk = { ...key?.export({ format: 'jwk' }), kid: 'one' };
  const request = jwks(KEYS)('one');
  const answer = (body: unknown, status = 200) =>
    request.read({ status, headers: new Map(), body: typeof body === 'string' ? body : JSON.stringify(body) });

  it('is asked for at the one URL, whatever the key id', () => {
    expect(request).toMatchObject({ set: KEYS, id: 'one', call: { method: 'GET', url: KEYS } });
    expect(jwks(KEYS)('https://evil.example').call.url).toBe(KEYS);
  });

  it('is read key by key: what is not understood is passed over', () => {
    const keys = answer({ keys: [{ kty: 'unknown', kid: 'x' }, null, {}, jwk, { ...jwk, kid: 7 }] });
    expect([...(keys?.keys() ?? [])]).toEqual(['one']);
    expect(key && keys?.get('one')?.equals(key)).toBe(true);
  });

  it('takes no private part', () => {
    const own = createPrivateKey(es256.secretFrom('seed').signing).export({ format: 'jwk' });
    expect(answer({ keys: [{ ...own, kid: 'one' }] })?.get('one')?.type).toBe('public');
  });

  it('has the key of an id that is for the algorithm, whatever else has the id', () => {
    const rsa = { ...keyOf(rs256).key?.export({ format: 'jwk' }), kid: 'one' };
    for (const keys of [
      [jwk, rsa],
      [rsa, jwk],
    ]) {
      const body = JSON.stringify({ keys });
      const typeFor = (scheme: Scheme) => {
        const signature = scheme.read(signedBy(scheme, { options }), { now: NOW, options });
        if (!signature.ok || !('keyFor' in signature.value)) throw new Error('no key is asked for');
        return signature.value.keyFor('').read({ status: 200, headers: new Map(), body })?.get('one')
          ?.asymmetricKeyType;
      };
      expect([typeFor(es256), typeFor(rs256)]).toEqual(['ec', 'rsa']);
    }
  });

  it('has no key that is for encryption', () => {
    for (const keys of [
      [
        { ...jwk, use: 'sig' },
        { ...keyOf(rs256).key?.export({ format: 'jwk' }), kid: 'one', use: 'enc' },
      ],
      [{ ...jwk, use: 'enc' }, jwk],
    ])
      expect(key && answer({ keys })?.get('one')?.equals(key)).toBe(true);
    expect(answer({ keys: [{ ...jwk, use: 'enc' }] })?.size).toBe(0);
  });

  it.each(['', 'null', '{}', '{"keys":1}', '[]'])('is none as %j', (body) => {
    expect(answer(body)).toBeUndefined();
    expect(answer({ keys: [jwk] }, 500)).toBeUndefined();
  });
});
