import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTooDeep, MAX_JSON_DEPTH, writeJson } from '../../../lambdas/core/json.ts';

const arrays = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}{}${'}'.repeat(depth)}`;

describe('writing JSON', () => {
  it.each([
    ['arrays', arrays(5_000)],
    ['objects', objects(5_000)],
    ['a great many arrays', arrays(500_000)],
    ['a mixture', `[1,"a\\n\\"",{"\\"b":[]},${arrays(20_000)},null,{"c":{},"d":[1,2]}]`],
  ])('writes %s as they were read, however deep they nest', (_, text) => {
    expect(writeJson(JSON.parse(text)) === text).toBe(true);
  });

  it('writes what JSON.stringify writes, at every depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const deep = [value, JSON.parse(arrays(MAX_JSON_DEPTH + 1)) as unknown];
        expect(writeJson(value)).toBe(JSON.stringify(value));
        expect(writeJson(deep)).toBe(JSON.stringify(deep));
      }),
      { numRuns: 50 },
    );
  });

  it('calls a value too deep beyond the limit alone', () => {
    expect(isTooDeep(JSON.parse(arrays(MAX_JSON_DEPTH)))).toBe(false);
    expect(isTooDeep(JSON.parse(arrays(MAX_JSON_DEPTH + 1)))).toBe(true);
    expect(['null', '1', '""', '{}'].map((text) => isTooDeep(JSON.parse(text)))).toEqual([false, false, false, false]);
  });
});
