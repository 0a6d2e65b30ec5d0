import { describe, expect, it } from '@jest/globals';
import { readId, readText } from '../../../../lambdas/core/schemes/fields.ts';

describe('readText and readId', () => {
  it.each(['a', ' a ', '0', 'é🔑', 'null'])('take the text %j as it is', (value) => {
    expect(readText(value)).toBe(value);
    expect(readId(value)).toBe(value);
  });

  it.each([undefined, null, '', ' \t\n', true, {}, ['a'], '\ud800', NaN, 1.5, 1e300, 2 ** 53])(
    'take no %j',
    (value) => {
      expect(readText(value)).toBeUndefined();
      expect(readId(value)).toBeUndefined();
    },
  );

  it.each([
    [0, '0'],
    [-7, '-7'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('differ on the integer %d: it is an id, and no text', (value, id) => {
    expect(readText(value)).toBeUndefined();
    expect(readId(value)).toBe(id);
  });
});
