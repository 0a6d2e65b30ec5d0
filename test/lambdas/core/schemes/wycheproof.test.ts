import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { hmac } from '../../../../lambdas/core/schemes/hmac.ts';
import type { Hash } from '../../../../lambdas/core/schemes/mac.ts';
import { publicKey } from '../../../../lambdas/core/schemes/public-key.ts';
import type { Scheme } from '../../../../lambdas/core/schemes/scheme.ts';

/** A test: its number, Wycheproof's verdict, and in hex the message, the signature and, of a MAC, the key. */
type Vector = readonly [id: number, result: Result, message: string, signature: string, key?: string];
type Result = 'valid' | 'invalid' | 'acceptable';

interface Group {
  /** The public key in hex: Ed25519's 32 bytes, any other as SubjectPublicKeyInfo. */
  readonly key?: string;
  readonly tests: readonly Vector[];
}

const file = new URL('wycheproof/vectors.json.gz', import.meta.url);
const sets = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Readonly<Record<string, readonly Group[]>>;

const SIGNATURE = { header: 'x-signature', encoding: 'hex' } as const;
const NOW = new Date(0);

/** Whether the scheme takes the vector for authentic. */
function accepts(scheme: Scheme, secret: string, message: string, signature: string): boolean {
  const delivery = {
    ...{ method: 'POST', url: 'https://hooks.example.com/', body: Buffer.from(message, 'hex') },
    headers: new Map([['x-signature', [signature]]]),
  };
  const read = scheme.read(delivery, { now: NOW, options: {} });
  return read.ok && !('keyFor' in read.value) && read.value.matches(secret);
}

/** The tests of a set, with the key of each. */
const testsOf = (name: string) =>
  (sets[name] ?? [])
    .flatMap(({ key = '', tests }) => tests.map((test) => ({ key, test })))
    .map(({ key, test }) => {
      const [id, result, message, signature, own = key] = test;
      return { id, result, message, signature, key: own };
    });

describe.each<[Hash, number]>([
  ['sha1', 170],
  ['sha256', 174],
  ['sha512', 174],
])('HMAC with %s', (hash, count) => {
  const scheme = hmac({ hash, key: 'hex', signature: SIGNATURE, signed: ['body'] });
  const tests = testsOf(`hmac_${hash}`);
  const macOf = (key: string, message: string): string =>
    scheme.sign({ url: '', body: Buffer.from(message, 'hex'), secrets: [key], now: NOW }).headers['x-signature'] ?? '';

  it(`makes and takes the MACs of all ${count} vectors, and none that is cut short`, () => {
    expect(tests).toHaveLength(count);
    const wrong = tests.filter(({ result, message, signature, key }) => {
      const mac = macOf(key, message);
      const isRight = mac.startsWith(signature) === (result === 'valid');
      const isWhole = signature.length === mac.length;
      return !isRight || accepts(scheme, key, message, signature) !== (result === 'valid' && isWhole);
    });
    expect(wrong).toEqual([]);
  });
});

const asBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const asIs = (hex: string): string => hex;

describe.each<[name: string, scheme: Scheme, secretOf: (hex: string) => string, count: number]>([
  ['ed25519', publicKey({ algorithm: 'ed25519', key: 'hex', signature: SIGNATURE, signed: ['body'] }), asIs, 151],
  [
    'ecdsa_secp256r1_sha256',
    publicKey({ algorithm: 'ecdsa-p256', key: 'base64-spki', signature: SIGNATURE, signed: ['body'] }),
    ...([asBase64, 484] as const),
  ],
  [
    'ecdsa_secp256r1_sha256_p1363',
    publicKey({
      ...{ algorithm: 'ecdsa-p256', key: 'base64-spki', ecdsa: 'ieee-p1363' },
      ...{ signature: SIGNATURE, signed: ['body'] },
    }),
    ...([asBase64, 262] as const),
  ],
  [
    'rsa_signature_2048_sha256',
    publicKey({ algorithm: 'rsa-sha256', key: 'base64-spki', signature: SIGNATURE, signed: ['body'] }),
    ...([asBase64, 259] as const),
  ],
  [
    'rsa_signature_2048_sha512',
    publicKey({ algorithm: 'rsa-sha512', key: 'base64-spki', signature: SIGNATURE, signed: ['body'] }),
    ...([asBase64, 259] as const),
  ],
])('%s', (name, scheme, secretOf, count) => {
  it(`takes what is valid of ${count} vectors, and nothing else`, () => {
    const tests = testsOf(name);
    expect(tests).toHaveLength(count);
    const wrong = tests
      // "Acceptable" is what a verifier may take or leave.
      .filter(({ result }) => result !== 'acceptable')
      .filter(
        ({ result, message, signature, key }) =>
          accepts(scheme, secretOf(key), message, signature) !== (result === 'valid'),
      );
    expect(wrong.map(({ id, result }) => [id, result])).toEqual([]);
  });
});
