import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { overlap } from '../../../lib/config/patterns.ts';

const LETTERS = ['a', 'b'] as const;
const pattern = fc.string({ unit: fc.constantFrom(...LETTERS, '*', '?'), maxLength: 4 });

/** Every text of these letters, up to that length. */
const texts = (length: number): string[] =>
  length === 0 ? [''] : ['', ...texts(length - 1).flatMap((text) => LETTERS.map((letter) => letter + text))];
const ALL = [...new Set(texts(8))];

const matches = (given: string, text: string): boolean =>
  new RegExp(`^${given.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);

describe('two patterns', () => {
  it('overlap if there is a text that both match', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        // If there is one, there is one that is no longer than the two together.
        const common = ALL.some((text) => matches(one, text) && matches(other, text));
        expect(overlap(one, other)).toBe(common);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['table/?*', 'table/hookgate-dev-*', true],
    ['t*', 'table/hookgate-dev-*', true],
    ['table/Hook*', 'table/hookgate-dev-*', true],
    ['table/patients*', 'table/hookgate-dev-*', false],
    ['*.fifo', 'hookgate-dev-*', true],
    ['', '*', true],
    ['?', '', false],
  ])('%j and %j: %j', (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });
});
