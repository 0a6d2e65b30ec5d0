import { describe, expect, it } from '@jest/globals';
import type { SecretSignature } from '../../../../lambdas/core/schemes/scheme.ts';
import type { Secret } from '../../../../lambdas/core/verdict.ts';
import { verify } from '../../../../lambdas/core/receive/verify.ts';

const secret = (value: string, label: Secret['label']): Secret => ({ value, label, versionId: `version of ${value}` });
const current = secret('one', 'current');
const previous = secret('two', 'previous');

/** A signature that these secrets made; it notes which ones it was compared with. */
const signedBy = (...makers: string[]): SecretSignature & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    matches(value) {
      asked.push(value);
      return makers.includes(value);
    },
  };
};

describe('verify', () => {
  it('says which version matched', () => {
    expect(verify(signedBy('two'), [current, previous])).toBe(previous);
  });

  it('takes any of the signatures', () => {
    expect(verify(signedBy('x', 'yyy', 'one'), [current])).toBe(current);
  });

  it('prefers the version that comes first, where several match', () => {
    expect(verify(signedBy('two', 'one'), [current, previous])).toBe(current);
  });

  it('asks once per secret, and no more after the match', () => {
    const signature = signedBy('x', 'y', 'z', 'two');
    verify(signature, [current, previous, secret('three', 'pending')]);
    expect(signature.asked).toEqual(['one', 'two']);
  });

  it.each([
    ['another signature', ['eno'], [current]],
    ['no signature', [], [current]],
    ['no secret', ['one'], []],
    ['an empty secret, whatever it signs', ['', 'one'], [secret('', 'current')]],
  ])('finds a mismatch, and does not throw, with %s', (_what, candidates, secrets) => {
    expect(verify(signedBy(...candidates), secrets)).toBeUndefined();
  });
});
