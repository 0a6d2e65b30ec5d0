import { describe, expect, it } from '@jest/globals';
import { hasCanary } from './judge.ts';
import { CANARY } from './cases.ts';
import { describeFuzz } from './harmless.ts';

// fuzz.thorough.test.ts tries more.
describeFuzz(4_000);

describe('the canary', () => {
  it.each([
    ['as it is', `before ${CANARY} after`],
    ['in hex', Buffer.from(`xy${CANARY}z`).toString('hex')],
    ['in base64', Buffer.from(`${CANARY}zzz`).toString('base64')],
    ['in base64, one byte later', Buffer.from(`x${CANARY}zzz`).toString('base64')],
    ['in base64, two bytes later', Buffer.from(`xy${CANARY}zzz`).toString('base64')],
  ])('is seen %s', (_how, text) => {
    expect(hasCanary(text)).toBe(true);
  });

  it('is not seen where it is not', () => {
    expect(hasCanary('{"reason":"signature_mismatch"}')).toBe(false);
  });
});
