import { describe, expect, it } from '@jest/globals';
import { readId, readIdText, readText } from '../../../../lambdas/core/schemes/fields.ts';

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

  it.each([0, -7, Number.MAX_SAFE_INTEGER])('differ on the integer %d: it is an id, and no text', (value) => {
    expect(readText(value)).toBeUndefined();
    expect(readId(value)).toBe(value);
    expect(readIdText(value)).toBe(String(value));
  });
});
