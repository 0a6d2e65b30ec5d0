import { describe, expect, it } from '@jest/globals';
import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { Cause } from '../../../cli/explain/causes.ts';
import { explain } from '../../../cli/explain/explain.ts';
import type { Question } from '../../../cli/explain/explain-types.ts';
import { tagged } from '../../../lambdas/core/schemes/forms.ts';
import { hmac } from '../../../lambdas/core/schemes/hmac.ts';
import { jwt } from '../../../lambdas/core/schemes/jwt.ts';
import { publicKey } from '../../../lambdas/core/schemes/public-key.ts';
import type { Scheme } from '../../../lambdas/core/schemes/scheme.ts';
import { token } from '../../../lambdas/core/schemes/token.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const URL_OF = 'https://hooks.example.com/webhooks/source';
const BODY = Buffer.from('{"id": "evt_1", "note": "José", "amount": 10.5}');
const SEED = 'the+seed/of-a-secret=of.this_scheme';

const SCHEMES = {
  ed25519: publicKey({
    algorithm: 'ed25519',
    key: 'hex',
    signature: { header: 'x-signature', encoding: 'hex' },
    timestamp: { header: 'x-timestamp', unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', 'body'],
  }),
  ecdsa: publicKey({
    ...{ algorithm: 'ecdsa-p256', key: 'base64-spki', signature: { header: 'x-signature', encoding: 'base64' } },
    signed: ['body'],
  }),
  rsa: publicKey({
    ...{ algorithm: 'rsa-sha256', key: 'pem', signature: { header: 'x-signature', encoding: 'base64' } },
    signed: ['body'],
  }),
  header: token({ in: { header: 'x-token' } }),
  bearer: token({ in: 'bearer' }),
  basic: token({ in: 'basic' }),
  query: token({ in: { query: 'token' } }),
  jwt: jwt({
    in: 'bearer',
    key: { algorithm: 'HS256', secret: 'utf8' },
    claims: { issuer: 'the provider', maxAgeSeconds: 300, bodyHash: { claim: 'body', encoding: 'hex' } },
  }),
  joined: hmac({
    hash: 'sha256',
    key: { encoding: 'base64', prefix: 'whsec_' },
    signature: { header: 'webhook-signature', encoding: 'base64', form: tagged('v1') },
    timestamp: { header: 'webhook-timestamp', unit: 's', toleranceSeconds: 300 },
    id: { header: 'webhook-id' },
    signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
  }),
} satisfies Record<string, Scheme>;
type Name = keyof typeof SCHEMES;

type Headers = Record<string, string>;
interface Damage {
  readonly sent?: Buffer;
  readonly signed?: Buffer;
  readonly at?: Date;
  readonly stored?: (secret: string) => string;
  readonly signing?: (secret: string) => string;
  readonly headers?: (headers: Headers) => Record<string, string | string[]>;
  readonly url?: (url: string) => string;
  readonly secrets?: Question['secrets'];
}

function question(name: Name, damage: Damage = {}, seed = SEED): Question {
  const scheme: Scheme = SCHEMES[name];
  const pair = scheme.secretFrom(seed);
  const secret = (damage.signing ?? ((text) => text))(pair.signing);
  const signed = scheme.sign({ url: URL_OF, body: damage.signed ?? BODY, secrets: [secret], now: damage.at ?? NOW });
  const headers = damage.headers?.({ ...signed.headers }) ?? signed.headers;
  const own = scheme.secretFrom(SEED).stored;
  const value = (damage.stored ?? ((text) => text))(own);
  const delivery = {
    ...{ method: 'POST', url: (damage.url ?? ((url) => url))(signed.url ?? URL_OF), body: damage.sent ?? BODY },
    headers: new Map(Object.entries(headers).map(([key, text]) => [key, [text].flat()])),
  };
  const others = Object.entries(SCHEMES)
    .filter(([other]) => other !== name)
    .map(([title, other]) => ({ title, scheme: other }));
  const secrets = [{ source: 'own', label: 'current', value, accepted: true }, ...(damage.secrets ?? [])];
  return { source: 'own', delivery, scheme, options: {}, now: NOW, secrets, others };
}

const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const on = (name: string, change: (value: string) => string | string[]) => (headers: Headers) => ({
  ...headers,
  [name]: change(headers[name] ?? ''),
});
const S = 'x-signature';
const A = 'authorization';
const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
const digestOf = (digest: string) =>
  on(S, () => sign(digest, BODY, createPrivateKey(SCHEMES.rsa.secretFrom(SEED).signing)).toString('base64'));
const newline = Buffer.concat([BODY, Buffer.from('\n')]);
const again = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
const claim =
  (change: (claims: Record<string, unknown>) => void, secret = SCHEMES.jwt.secretFrom(SEED).signing) =>
  (value: string): string => {
    const [head = '', payload = ''] = value.replace('Bearer ', '').split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    change(claims);
    const text = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

const CASES: readonly (readonly [name: Name, what: string, causes: readonly Cause[], damage: Damage])[] = [
  ['ed25519', 'a line break was added', ['body_newline'], { sent: newline }],
  ['ed25519', 'the body was written again', ['body_reserialised'], { sent: again, signed: BODY.subarray(0) }],
  ['ed25519', 'the key is stored with a line break', ['secret_blank'], { stored: (key) => `${key}\n` }],
  ['ed25519', 'the key is stored in quotes', ['secret_quoted'], { stored: (key) => `"${key}"` }],
  ['ed25519', 'the key is stored in base64', ['secret_encoding'], { stored: base64Of }],
  ['ed25519', 'the key is stored in upper case', ['accepted'], { stored: (key) => key.toUpperCase() }],
  ['ed25519', 'the signature is base64', ['signature_encoding'], { headers: on(S, base64Of) }],
  ['ed25519', 'the signature is cut', ['signature_malformed'], { headers: on(S, (value) => value.slice(0, 60)) }],
  ['ed25519', 'the signature came twice', ['signature_doubled'], { headers: on(S, (value) => [value, value]) }],
  ['ed25519', 'the signature has a prefix', ['signature_prefix'], { headers: on(S, (value) => `ed25519=${value}`) }],
  ['ed25519', 'the clock is behind', ['timestamp_outside_window'], { at: later(-900) }],
  [
    'ed25519',
    'the time is in milliseconds',
    ['timestamp_unit'],
    {
      headers: () => {
        const key = createPrivateKey(SCHEMES.ed25519.secretFrom(SEED).signing);
        const time = String(NOW.getTime());
        const mac = sign(null, Buffer.concat([Buffer.from(time), BODY]), key).toString('hex');
        return { 'x-timestamp': time, [S]: mac };
      },
    },
  ],
  ['ed25519', 'the timestamp did not come', ['header_missing'], { headers: ({ [S]: value = '' }) => ({ [S]: value }) }],
  [
    'ed25519',
    'the signature has another name',
    ['header_renamed'],
    { headers: ({ [S]: value = '', ...rest }) => ({ ...rest, 'x-sig': value }) },
  ],
  ['rsa', 'it is signed with SHA-1', ['signature_digest'], { headers: digestOf('sha1') }],
  ['rsa', 'it is signed with SHA-512', ['signature_digest'], { headers: digestOf('sha512') }],
  ['ecdsa', 'CRLF came for LF', ['body_line_ends'], { signed: Buffer.from('{\n}'), sent: Buffer.from('{\r\n}') }],
  ['ecdsa', 'the signature is hex', ['signature_encoding'], { headers: on(S, hexOf) }],
  ['ecdsa', 'the key is stored as JSON', ['secret_json'], { stored: (key) => JSON.stringify({ publicKey: key }) }],
  [
    'ecdsa',
    'the key is stored as PEM',
    ['secret_encoding'],
    { stored: (key) => `-----BEGIN PUBLIC KEY-----\n${key.match(/.{1,64}/g)?.join('\n')}\n-----END PUBLIC KEY-----\n` },
  ],
  [
    'ecdsa',
    'the signature is two numbers, not DER',
    ['signature_encoding'],
    {
      headers: on(S, () => {
        const key = createPrivateKey(SCHEMES.ecdsa.secretFrom(SEED).signing);
        return sign('sha256', BODY, { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
      }),
    },
  ],
  ['rsa', 'a BOM was added', ['body_bom'], { sent: Buffer.concat([Buffer.from('\ufeff'), BODY]) }],
  [
    'rsa',
    'the key is stored without its first and last line',
    ['secret_encoding'],
    { stored: (key) => key.split('\n').slice(1, -2).join('') },
  ],
  ['rsa', 'the key is stored in one line', ['secret_encoding'], { stored: (key) => key.replaceAll('\n', '\\n') }],
  ['rsa', 'the private key is stored', ['secret_unusable'], { stored: () => SCHEMES.rsa.secretFrom(SEED).signing }],
  ['header', 'the token is stored with a line break', ['secret_blank'], { stored: (text) => `${text}\n` }],
  ['header', 'the token is stored in quotes', ['secret_quoted'], { stored: (text) => `'${text}'` }],
  [
    'header',
    'the token came with Bearer',
    ['signature_prefix'],
    { headers: on('x-token', (value) => `Bearer ${value}`) },
  ],
  ['header', 'the token is cut', ['signature_cut'], { headers: on('x-token', (value) => value.slice(0, 12)) }],
  [
    'header',
    'the token came in another header',
    ['header_renamed'],
    { headers: ({ 'x-token': value = '' }) => ({ 'x-api-key': value }) },
  ],
  [
    'header',
    'the token came as base64',
    ['signature_encoding'],
    { headers: on('x-token', (value) => Buffer.from(value).toString('base64')) },
  ],
  ['bearer', 'the word Bearer is missing', ['signature_prefix'], { headers: on(A, (value) => value.slice(7)) }],
  ['bearer', 'the header did not come', ['header_missing'], { headers: () => ({}) }],
  [
    'bearer',
    'an older token came',
    ['secret_version'],
    {
      signing: () => 'an-older-token-of-this-source',
      secrets: [{ source: 'own', label: 'previous', value: 'an-older-token-of-this-source', accepted: false }],
    },
  ],
  [
    'bearer',
    'the token of another source came',
    ['secret_of_other_source'],
    {
      signing: () => 'the-token-of-the-sandbox',
      secrets: [{ source: 'sandbox', label: 'current', value: 'the-token-of-the-sandbox', accepted: true }],
    },
  ],
  [
    'basic',
    'user and password came without base64',
    ['signature_encoding'],
    { headers: on(A, (value) => `Basic ${Buffer.from(value.slice(6), 'base64').toString()}`) },
  ],
  [
    'basic',
    'the stored secret is its base64',
    ['secret_encoding'],
    { stored: (text) => Buffer.from(text).toString('base64') },
  ],
  ['basic', 'the password alone is stored', ['secret_prefix'], { stored: (text) => text.slice(text.indexOf(':') + 1) }],
  ['query', 'the token did not come', ['header_missing'], { url: () => URL_OF }],
  ['query', 'the token has another name', ['header_renamed'], { url: (url) => url.replace('token=', 'key=') }],
  [
    'query',
    'the token came in a header',
    ['header_renamed'],
    { url: () => URL_OF, headers: () => ({ 'x-token': SEED }) },
  ],
  ['query', 'the token was escaped twice', ['signature_encoding'], { url: (url) => url.replaceAll('%2', '%252') }],
  ['jwt', 'the body was written again', ['body_reserialised'], { sent: again }],
  ['jwt', 'a line break was added', ['body_newline'], { sent: newline }],
  ['jwt', 'the secret has a line break', ['secret_blank'], { stored: (text) => `${text}\n` }],
  ['jwt', 'the word Bearer is missing', ['signature_prefix'], { headers: on(A, (value) => value.slice(7)) }],
  ['jwt', 'the token is old', ['timestamp_outside_window'], { at: later(-4000) }],
  [
    'jwt',
    'it is of another issuer',
    ['token_claims'],
    {
      headers: on(
        A,
        claim((claims) => (claims.iss = 'another')),
      ),
    },
  ],
  ['jwt', 'the token is cut', ['signature_cut'], { headers: on(A, (value) => value.slice(0, -20)) }],
  [
    'jwt',
    'the key was its base64',
    ['secret_encoding'],
    {
      headers: on(
        A,
        claim(() => undefined, Buffer.from(SCHEMES.jwt.secretFrom(SEED).signing).toString('base64')),
      ),
    },
  ],
  [
    'joined',
    'the secret lacks its prefix and padding',
    ['secret_encoding'],
    { stored: (text) => text.replace('whsec_', '').replace(/=+$/, '') },
  ],
  [
    'joined',
    'the id did not come',
    ['header_missing'],
    { headers: (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'webhook-id')) },
  ],
  [
    'joined',
    'the version is missing',
    ['signature_prefix'],
    { headers: on('webhook-signature', (value) => value.slice(3)) },
  ],
];

describe('over all schemes', () => {
  it.each(CASES)('%s: %s', (name, _what, causes, damage) => {
    const { findings } = explain(question(name, damage), () => 0);
    expect(findings.map(({ cause }) => cause).slice(0, causes.length)).toEqual(causes);
    const said = JSON.stringify(findings);
    const { stored, signing } = SCHEMES[name].secretFrom(SEED);
    for (const secret of [stored, signing]) expect(said).not.toContain(secret);
    expect(said).not.toMatch(/[\da-f]{32}|[A-Za-z\d+/]{40}/i);
  });

  it.each(Object.keys(SCHEMES) as Name[])('a forgery is one, and no cause is claimed of it: %s', (name) => {
    const { findings, complete } = explain(question(name, {}, 'somebody-elses+seed/of-a-secret='), () => 0);
    expect(findings).toMatchObject([{ cause: 'forged_or_unknown_secret', confidence: 'likely' }]);
    expect(complete).toBe(true);
  });

  it.each(Object.keys(SCHEMES) as Name[])(
    'a forgery with another damage too is no cause with confidence: %s',
    (name) => {
      const damage = { sent: newline, stored: (text: string) => `${text} ` };
      const { findings } = explain(question(name, damage, 'somebody-elses+seed/of-a-secret='), () => 0);
      expect(
        findings.filter(({ cause, confidence }) => confidence === 'proved' && cause !== 'secret_unusable'),
      ).toEqual([]);
    },
  );

  it('does not tell of a key that is not at hand', () => {
    const { publicKey: other } = generateKeyPairSync('ed25519');
    const published = jwt({
      in: 'bearer',
      key: {
        algorithm: 'ES256',
        fetch: (id) =>
          ({ set: 'x', id, call: { url: 'https://keys.example.com' }, read: () => new Map([['x', other]]) }) as never,
      },
      claims: { maxAgeSeconds: 300 },
    });
    const { stored, signing } = published.secretFrom(SEED);
    const { headers } = published.sign({ url: URL_OF, body: BODY, secrets: [signing], now: NOW });
    const delivery = {
      method: 'POST',
      url: URL_OF,
      body: BODY,
      headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value]])),
    };
    const secrets = [{ source: 'own', label: 'current', value: stored, accepted: true }];
    const { findings } = explain(
      { source: 'own', delivery, scheme: published, options: {}, now: NOW, secrets, others: [] },
      () => 0,
    );
    expect(findings).toMatchObject([{ cause: 'key_not_at_hand', confidence: 'likely' }]);
  });
});
