import { checkPrimeSync, createECDH, createPrivateKey, createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { cached } from './cache.ts';
import type { Algorithm } from './public-keys.ts';

/*
 * Key pairs made of a seed, for the local gateway and tests. They are as secret as their seed: who knows it has the key.
 */

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The key pair of a seed: the same one each time. */
export const keyPairFrom = (algorithm: Algorithm, seed: string): KeyPair => makers[kindOf(algorithm)](seed);

const kindOf = (algorithm: Algorithm) =>
  algorithm === 'ed25519' || algorithm === 'ecdsa-p256' ? algorithm : ('rsa' as const);

const keptPairs = (make: (seed: string) => KeyObject): ((seed: string) => KeyPair) =>
  cached((seed) => {
    const privateKey = make(seed);
    return { privateKey, publicKey: createPublicKey(privateKey) };
  });

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The bytes before the 32 of an Ed25519 key in PKCS #8 (RFC 8410, 7). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const ed25519 = (seed: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, digest(seed)]), format: 'der', type: 'pkcs8' });

function ecdsaP256(seed: string): KeyObject {
  const curve = createECDH('prime256v1');
  const d = digest(seed);
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const key = {
    ...{ kty: 'EC', crv: 'P-256', d: d.toString('base64url') },
    ...{ x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') },
  };
  return createPrivateKey({ key, format: 'jwk' });
}

const EXPONENT = 65_537n;

/** RSA with 2,048 bits: two primes that the seed leads to. Takes about a second. */
function rsa(seed: string): KeyObject {
  const p = primeFrom(`${seed} p`);
  const q = primeFrom(`${seed} q`);
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const fields = Object.entries(numbers).map(([name, value]): [string, string] => [
    name,
    bytesOf(value).toString('base64url'),
  ]);
  const parts: Record<string, string> = Object.fromEntries(fields);
  return createPrivateKey({ key: { kty: 'RSA', ...parts }, format: 'jwk' });
}

/** A prime of 1,024 bits whose two highest bits are set, so that the product of two has 2,048. */
function primeFrom(seed: string): bigint {
  const start = Buffer.concat([0, 1, 2, 3].map((part) => digest(`${seed} ${part}`)));
  let candidate = BigInt(`0x${start.toString('hex')}`) | (3n << 1022n) | 1n;
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

function bytesOf(value: bigint): Buffer {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

/** The number that times `value` is 1 modulo `modulus`, by Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0n ? x + modulus : x;
}

/** Each kind's are kept apart: RSA's primes take half a second to find, and those of the others nothing. */
const makers = { ed25519: keptPairs(ed25519), 'ecdsa-p256': keptPairs(ecdsaP256), rsa: keptPairs(rsa) };
