import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Buffer } from 'node:buffer';
import { secretFrom } from '../../../lambdas/core/provider-secret.ts';
import { newSecretFlaw, secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { providers } from '../../../lambdas/providers/index.ts';

/** Without a bias to small numbers: a key of zeros and few other bytes is not random. */
const bytes = (least: number, most: number) =>
  fc.noBias(fc.uint8Array({ minLength: least, maxLength: most })).map((each) => Buffer.from(each));

/** Random secrets in the forms that vendors write. */
const FORMS = Object.entries({
  'base64 with a prefix': bytes(24, 64).map((each) => `whsec_${each.toString('base64')}`),
  base64: bytes(16, 64).map((each) => each.toString('base64')),
  base64url: bytes(16, 64).map((each) => each.toString('base64url')),
  hex: bytes(8, 64).map((each) => each.toString('hex')),
  'hex in upper case': bytes(8, 64).map((each) => each.toString('hex').toUpperCase()),
  UUID: fc.uuid(),
  'a public key': bytes(32, 91).map(
    (each) => `-----BEGIN PUBLIC KEY-----\n${each.toString('base64')}\n-----END PUBLIC KEY-----`,
  ),
  'a password': fc.string({
    unit: fc.constantFrom(...Array.from('abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789')),
    minLength: 16,
    maxLength: 40,
  }),
  'a key with its id': bytes(6, 6).map((id) => `${id.toString('base64url')}.k1:${id.toString('hex')}Zz`),
  'words of a passphrase': fc.constantFrom(
    'correct-horse-battery-staple',
    'Winter river 42 yellow',
    'example-of-nobody',
  ),
});

describe.each(FORMS)('a random secret: %s', (name, secrets) => {
  it('is never taken for a placeholder, nor refused', () => {
    const like = name === 'a public key' ? '-----BEGIN\n' : name === 'a key with its id' ? 'a:b' : '';
    fc.assert(
      fc.property(secrets, (secret) => {
        expect([secretFlaw(secret), newSecretFlaw(secret, like)]).toEqual([undefined, undefined]);
      }),
      { numRuns: 300 },
    );
  });
});

it.each(['whsec_dAzdayX/1xxxWTOKeZrF+E3UhgwaqAVn', 'kbqKit/bvdTJ0337yhiOpIbHdXXX4LKu', 'XrfUeeWQZMsJtCggb6YE8xxx'])(
  'crosses among the letters of a random key are no placeholder: %s',
  (secret) => {
    expect([secretFlaw(secret), newSecretFlaw(secret)]).toEqual([undefined, undefined]);
  },
);

describe('a secret as its provider’s scheme makes them', () => {
  it('is taken, of every provider', () => {
    const seeds = fc.sample(bytes(24, 24), 3).map((each) => each.toString('base64url'));
    for (const { name, provider } of [...providers.values()].map((each) => ({ name: each.name, provider: each }))) {
      const options = Object.fromEntries(
        Object.entries(provider.options).map(([key, { default: usual }]) => [key, usual]),
      );
      for (const seed of seeds) {
        const { stored } = secretFrom(provider, options, seed);
        expect([name, secretFlaw(stored), newSecretFlaw(stored, stored)]).toEqual([name, undefined, undefined]);
      }
    }
  });
});

describe('a text in the place of a secret', () => {
  it.each([
    ...['XXXX-XXXX', 'xxx-xxx-xxx', '<YOUR_OSIGU_SECRET>', 'YourOsiguSecret', 'change-me-please', 'PleaseChangeThis'],
    ...['REPLACE_WITH_REAL_SECRET', 'TODO: set me', 'to be set', 'to be defined later', 'pending', 'placeholder-osigu'],
    ...['123456', '1234567890', 'abcdef', 'qwerty', 'abcabcabc', 'undefinedundefined', 'changeme-changeme', '000000'],
    ...['whsec_', 'whsec_xxx', 'sk_test_xxxxxxxxxxxxxxxxxxxxxxxx', 'whsec_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX'],
    ...[
      'enter-secret-here',
      'INSERT_YOUR_KEY_HERE',
      'paste the token here',
      'secret goes here',
      'not-set',
      'dummy-secret',
    ],
  ])('is a placeholder: %s', (text) => {
    expect(secretFlaw(text)).toBe('placeholder');
  });

  it.each(['a', 'k9', 'zb4t!', '😀😀z😀b'])('is too short to be a secret, stored or new: %s', (text) => {
    expect(secretFlaw(text)).toBe('too_short');
    expect(newSecretFlaw(text)).toBe('has fewer than 6 characters');
  });

  it.each<readonly [text: string, flaw: string]>([
    ...['"kq7-d3f', 'kq7-d3f"', "'kq7-d3f", '„kq7-d3f“', 'kq7-d3f`', '"a":"b9kf"'].map(
      (text) => [text, 'quotes'] as const,
    ),
    ...['OSIGU_SECRET=kq7-d3f', 'export HOOKGATE_SECRET_OSIGU=kq7-d3f', 'A_B=kq7-d3f'].map(
      (text) => [text, 'its name'] as const,
    ),
    ...['signingSecret=kq7-d3f', 'signingSecret: kq7-d3f', 'x-api-key:kq7-d3f'].map(
      (text) => [text, 'its name'] as const,
    ),
    ...['{"a":"b9kf"},', '{"a":"b9kf"};', '["kq7-d3f"', '{"a": "b9k'].map((text) => [text, 'looks like JSON'] as const),
    ['arn:aws:secretsmanager:us-east-1:123456789012:secret:x', 'is the ARN'] as const,
    ...['webhook secret: kq7-d3f', 'export S=kq7-d3f', 'Signing secret : kq7-d3f'].map(
      (text) => [text, 'its name'] as const,
    ),
    ...['Bearer kq7-d3f', 'basic kq7-d3f', 'sha256=kq7-d3f', 'v1=kq7-d3f'].map(
      (text) => [text, 'in a header'] as const,
    ),
    ...['kq7-d3f,', 'kq7-d3f;', String.raw`kq7-d3f\n`].map((text) => [text, 'behind it'] as const),
    ['-----BEGIN PUBLIC KEY-----', 'all of its lines'] as const,
    ...['test-secret', 'example-secret', 'sample-secret', 'my-signing-secret', 'whsec_secret', 'whsec_test_secret'].map(
      (text) => [text, 'placeholder'] as const,
    ),
    ...['process.env.SECRET', '${SECRET}', '$SECRET', '%SECRET%', 'dummysecret', '(hidden)', '[secret]'].map(
      (text) => [text, 'placeholder'] as const,
    ),
    ...['password123', 'local-secret', 'local_secret_osigu', 'your webhook key 2'].map(
      (text) => [text, 'placeholder'] as const,
    ),
  ])('is refused as a new secret: %s', (text, flaw) => {
    expect(newSecretFlaw(text)).toContain(flaw);
  });
});
