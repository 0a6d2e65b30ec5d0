import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyPairFrom } from '../../../../lambdas/core/schemes/key-pair.ts';
import { publicKey } from '../../../../lambdas/core/schemes/public-key.ts';
import { tagged } from '../../../../lambdas/core/schemes/forms.ts';
import type { Scheme } from '../../../../lambdas/core/schemes/scheme.ts';
import { later, outcome, signedBy, withHeader } from './schemes.ts';

const NAME = 'x-acme-signature';
const timestamp = { header: 'x-acme-time', unit: 's' } as const;
const schemes: [string, Scheme][] = [
  [
    'Ed25519, the key in hex',
    publicKey({
      algorithm: 'ed25519',
      key: 'hex',
      signature: { header: NAME, encoding: 'hex' },
      timestamp,
      signed: ['timestamp', 'body'],
    }),
  ],
  [
    'Ed25519, tagged, the key in base64 with a prefix',
    publicKey({
      algorithm: 'ed25519',
      key: { notation: 'base64', prefix: 'whpk_' },
      signature: { header: NAME, encoding: 'base64', form: tagged('v1a') },
      timestamp,
      signed: ['timestamp', 'body'],
    }),
  ],
  [
    'ECDSA P-256 in DER',
    publicKey({
      algorithm: 'ecdsa-p256',
      key: 'base64-spki',
      signature: { header: NAME, encoding: 'base64' },
      timestamp,
      signed: ['timestamp', 'body'],
    }),
  ],
  [
    'ECDSA P-256 as two numbers, the key in JSON',
    publicKey({
      algorithm: 'ecdsa-p256',
      ecdsa: 'ieee-p1363',
      key: { notation: 'pem', part: 'publicKey' },
      signature: { header: NAME, encoding: 'hex' },
      timestamp,
      signed: ['timestamp', 'body'],
    }),
  ],
  [
    'RSA',
    publicKey({
      algorithm: 'rsa-sha256',
      key: 'pem',
      signature: { header: NAME, encoding: 'base64' },
      timestamp,
      signed: ['timestamp', 'body'],
    }),
  ],
];

describe.each(schemes)('%s', (_name, scheme) => {
  const pair = scheme.secretFrom('seed');
  const valid = signedBy(scheme);

  it('verifies what it signs, and nothing else', () => {
    expect(outcome(scheme, valid)).toBe('accepted');
    expect(outcome(scheme, { ...valid, body: Buffer.from('{"id":"2"}') })).toBe('signature_mismatch');
    expect(outcome(scheme, withHeader(valid, 'x-acme-time', '1772357401'))).toBe('signature_mismatch');
    expect(outcome(scheme, valid, { now: later(1e6) })).toBe('accepted');
    const { stored } = scheme.secretFrom('another');
    expect(outcome(scheme, valid, { secret: stored })).toBe('signature_mismatch');
  }, 120_000);

  it('is not verified with what is not such a key, and says so when it is stored', () => {
    for (const secret of ['', 'not a key', pair.signing, pair.stored.slice(0, -4), '{}']) {
      expect(scheme.accepts(secret)).toBe(false);
      expect(outcome(scheme, valid, { secret })).toBe('signature_mismatch');
    }
    expect(scheme.accepts(pair.stored)).toBe(true);
  });

  it.each(['', '00', 'zz', '=', 'AAAA', 'a'.repeat(127)])('has no use for the signature %j', (value) => {
    expect(outcome(scheme, withHeader(valid, NAME, value))).toMatch(/^(malformed_signature|signature_mismatch)$/);
  });
});

describe('a key pair of a seed', () => {
  it.each(['ed25519', 'ecdsa-p256', 'rsa-sha256'] as const)('is the same each time: %s', (algorithm) => {
    const pem = (seed: string) => keyPairFrom(algorithm, seed).publicKey.export({ type: 'spki', format: 'pem' });
    expect(pem('one')).toBe(pem('one'));
    expect(pem('one')).not.toBe(pem('two'));
  });

  it('has 2,048 bits for RSA', () => {
    expect(keyPairFrom('rsa-sha256', 'one').publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });
});

describe('a key of another kind', () => {
  it.each([
    ['a short RSA key', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey],
    ['an Ed25519 key', createPublicKey(keyPairFrom('ed25519', 'seed').privateKey)],
  ])('is not used for RSA or P-256: %s', (_what, key) => {
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    const layout = { signature: { header: NAME, encoding: 'base64' }, signed: ['body'] } as const;
    expect(publicKey({ ...layout, algorithm: 'rsa-sha256', key: 'pem' }).accepts(pem)).toBe(false);
    expect(publicKey({ ...layout, algorithm: 'ecdsa-p256', key: 'pem' }).accepts(pem)).toBe(false);
  });
});
