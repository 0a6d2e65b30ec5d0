import { describe, expect, it } from '@jest/globals';
import { evidenceHeaders } from '../../../../lambdas/core/schemes/scheme.ts';
import type { Scheme } from '../../../../lambdas/core/schemes/scheme.ts';
import { token } from '../../../../lambdas/core/schemes/token.ts';
import { outcome, signedBy, URL_SEEN, withHeader, without } from './schemes.ts';

const own = token({ in: { header: 'x-acme-token' } });
const bearer = token({ in: 'bearer' });
const basic = token({ in: 'basic' });
const query = token({ in: { query: 'token' } });
const part = token({ in: { header: 'x-acme-token' }, part: 'verifyToken' });

const schemes: [string, Scheme][] = [
  ['a header', own],
  ['a bearer token', bearer],
  ['HTTP Basic', basic],
  ['the query', query],
  ['a field of the secret', part],
];

describe.each(schemes)('a token by %s', (_name, scheme) => {
  const valid = signedBy(scheme);

  it('proves who called, and nothing of the body', () => {
    expect(scheme.coverage).toBe('caller');
    expect(outcome(scheme, valid)).toBe('accepted');
    expect(outcome(scheme, { ...valid, body: Buffer.from('another') })).toBe('accepted');
    expect(outcome(scheme, valid, { secret: scheme.secretFrom('another').stored })).toBe('signature_mismatch');
  });

  it('is never kept as evidence', () => {
    expect(evidenceHeaders(scheme)).toEqual([]);
    expect(scheme.headers.every(({ carries }) => carries === 'token')).toBe(true);
  });

  it('is missing without its header or parameter, and no secret makes up for that', () => {
    const bare = { ...scheme.headers.reduce((of, { name }) => without(of, name), valid), url: URL_SEEN };
    expect(outcome(scheme, bare)).toBe('missing_signature');
    expect(outcome(scheme, valid, { secret: '' })).toBe('signature_mismatch');
    expect(scheme.accepts('')).toBe(false);
  });
});

describe('the Authorization header', () => {
  it.each([
    ['accepted', 'bearer seed'],
    ['accepted', 'BEARER  seed'],
    ['signature_mismatch', 'Bearer Seed'],
    ['malformed_signature', 'Basic seed'],
    ['malformed_signature', 'Bearer'],
    ['malformed_signature', 'Bearer seed more'],
    ['malformed_signature', 'seed'],
  ])('is %s as a bearer token %j', (expected, value) => {
    expect(outcome(bearer, withHeader(signedBy(bearer), 'authorization', value))).toBe(expected);
  });

  it.each([
    ['accepted', `basic ${Buffer.from('hookgate:seed').toString('base64')}`],
    ['signature_mismatch', `Basic ${Buffer.from('hookgate:other').toString('base64')}`],
    ['malformed_signature', 'Basic aG9va2dhdGU6c2VlZA'],
    ['malformed_signature', 'Basic ***'],
    ['malformed_signature', 'Bearer seed'],
  ])('is %s as Basic credentials %j', (expected, value) => {
    expect(outcome(basic, withHeader(signedBy(basic), 'authorization', value))).toBe(expected);
  });
});

describe('a token in the query', () => {
  it.each([
    ['accepted', '?token=seed&a=b'],
    ['malformed_signature', '?token=seed&token=seed'],
    ['malformed_signature', '?token='],
    ['signature_mismatch', '?token=seed%20'],
  ])('is %s as %s', (expected, search) => {
    expect(outcome(query, { ...signedBy(query), url: URL_SEEN + search })).toBe(expected);
  });
});
