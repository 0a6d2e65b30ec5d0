import { describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../../lambdas/core/provider.ts';
import type { Secret } from '../../../../lambdas/core/verdict.ts';
import { verify } from '../../../../lambdas/core/receive/verify.ts';

const secret = (value: string, label: Secret['label']): Secret => ({ value, label, versionId: `version of ${value}` });
const current = secret('one', 'current');
const previous = secret('two', 'previous');

/** A claim whose MAC of a secret is the secret; it notes what it was asked for. */
const claiming = (...candidates: string[]): Claim & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    candidates: candidates.map((candidate) => Buffer.from(candidate)),
    mac(value) {
      asked.push(value);
      return Buffer.from(value);
    },
  };
};

describe('verify', () => {
  it('says which version matched, and nothing of its value', () => {
    expect(verify(claiming('two'), [current, previous])).toEqual({
      ok: true,
      secret: { label: 'previous', versionId: 'version of two' },
    });
  });

  it('takes any of the signatures', () => {
    expect(verify(claiming('x', 'yyy', 'one'), [current])).toMatchObject({ ok: true });
  });

  it('prefers the version that comes first, where several match', () => {
    expect(verify(claiming('two', 'one'), [current, previous])).toMatchObject({ secret: { label: 'current' } });
  });

  it('makes one MAC a secret, however many signatures came, and none after the match', () => {
    const claim = claiming('x', 'y', 'z', 'two');
    verify(claim, [current, previous, secret('three', 'pending')]);
    expect(claim.asked).toEqual(['one', 'two']);
  });

  it.each([
    ['another signature', ['eno'], [current]],
    ['a shorter one', ['on'], [current]],
    ['a longer one', ['onee'], [current]],
    ['no bytes', [''], [current]],
    ['no signature', [], [current]],
    ['no secret', ['one'], []],
    ['an empty secret, whatever it signs', ['', 'one'], [secret('', 'current')]],
  ])('finds a mismatch, and does not throw, with %s', (_what, candidates, secrets) => {
    expect(verify(claiming(...candidates), secrets)).toEqual({ ok: false, reason: 'signature_mismatch' });
  });
});
