import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_HEADER_BYTES, readHeader, readListHeader, splitList } from '../../../../lambdas/core/schemes/headers.ts';

const read = (...values: string[]) => readHeader(new Map([['x', values]]), 'x', 'signature');

describe('readHeader', () => {
  it('reads the one value as it is', () => {
    expect(read(' a, b ')).toEqual({ ok: true, value: ' a, b ' });
  });

  it('tells what is missing from what is malformed, and of which header', () => {
    expect(read()).toEqual({ ok: false, reason: 'missing_signature' });
    expect(readHeader(new Map(), 'x', 'timestamp')).toEqual({ ok: false, reason: 'missing_timestamp' });
    expect(readHeader(new Map([['x', ['']]]), 'x', 'timestamp')).toEqual({ ok: false, reason: 'malformed_timestamp' });
  });

  it.each([[['']], [['a', 'a']], [['a', '']], [['', 'a']], [['a', 'b', 'c']]])('finds %j malformed', (values) => {
    expect(read(...values)).toEqual({ ok: false, reason: 'malformed_signature' });
  });

  it('counts bytes, not characters', () => {
    expect(read('a'.repeat(MAX_HEADER_BYTES)).ok).toBe(true);
    expect(read('a'.repeat(MAX_HEADER_BYTES + 1)).ok).toBe(false);
    expect(read('é'.repeat(MAX_HEADER_BYTES / 2)).ok).toBe(true);
    expect(read(`é${'é'.repeat(MAX_HEADER_BYTES / 2)}`).ok).toBe(false);
  });
});

describe('readListHeader', () => {
  const list = (...values: string[]) => readListHeader(new Map([['x', values]]), 'x');

  it('reads several lines as one list', () => {
    expect(list('a', 'b,c')).toEqual({ ok: true, value: 'a,b,c' });
    expect(list('a')).toEqual({ ok: true, value: 'a' });
    expect(readListHeader(new Map(), 'x')).toEqual({ ok: false, reason: 'missing_signature' });
  });

  it.each([[['']], [['a', '']], [['', 'a']], [['a', 'a']], [['a', 'b', 'a']]])('finds %j malformed', (values) => {
    expect(list(...values)).toEqual({ ok: false, reason: 'malformed_signature' });
  });

  it('counts the bytes of all lines', () => {
    expect(list('a'.repeat(2048), 'b'.repeat(2047)).ok).toBe(true);
    expect(list('a'.repeat(2048), 'b'.repeat(2048)).ok).toBe(false);
  });
});

describe('splitList', () => {
  it.each([
    ['', ['']],
    [',', ['', '']],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a ,\t b c\t,', ['a', 'b c', '']],
    ['a\n, \u00a0b', ['a\n', '\u00a0b']],
  ])('makes of %j %j', (value, expected) => {
    expect(splitList(value)).toEqual(expected);
  });

  it('gives back what was joined', () => {
    const element = fc.string({ unit: fc.constantFrom('a', '=', '\n', 'é', '1') });
    const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 3 });
    fc.assert(
      fc.property(fc.array(element, { minLength: 1 }), blanks, blanks, (elements, before, after) => {
        expect(splitList(elements.map((each) => before + each + after).join(','))).toEqual(elements);
      }),
    );
  });
});
