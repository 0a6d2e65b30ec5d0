import { describe, expect, it } from '@jest/globals';
import { fuzz } from './fuzz.ts';

/** Describes that so many cases do no harm; each run has another seed. */
export function describeFuzz(cases: number): void {
  describe('hostile input', () => {
    it(`does no harm in ${cases} cases`, async () => {
      const seed = Date.now() % 1_000_000_000;
      const { authentic, logged, ...result } = await fuzz(cases, seed);
      expect(result).toEqual({ runs: cases, unhandled: 0 });
      expect(authentic).toBeGreaterThan(cases / 4);
      expect(logged).toBeGreaterThan(cases);
    }, 120_000);
  });
}
