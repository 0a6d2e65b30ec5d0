import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJsonAnswer, readNextLink } from '../../../../lambdas/core/http/api-answer.ts';

const answer = (link?: string) => ({
  status: 200,
  headers: new Map(link === undefined ? [] : [['link', link]]),
  body: '',
});
const LIST = 'https://api.example.com/list?limit=2';

describe('readNextLink', () => {
  it.each([
    ['<https://api.example.com/list?page=2>; rel="next"', 'https://api.example.com/list?page=2'],
    ['<?page=2>; rel=next', 'https://api.example.com/list?page=2'],
    ['</x>; rel="prev", </list?page=3>; rel="next"', 'https://api.example.com/list?page=3'],
    ['</list?page=3>; title="a"; rel="next"; type="json"', 'https://api.example.com/list?page=3'],
  ])('follows %s', (link, expected) => {
    expect(readNextLink(answer(link), LIST)).toEqual({ ok: true, value: expected });
  });

  it.each([undefined, '', '</x>; rel="prev"', '</x>; rel="nextish"', 'rel="next"', '</x>'])(
    'finds none in %j',
    (link) => {
      expect(readNextLink(answer(link), LIST)).toEqual({ ok: true, value: undefined });
    },
  );

  it.each([
    '<https://evil.example/list>; rel="next"',
    '<//evil.example/list>; rel="next"',
    '<http://api.example.com/list>; rel="next"',
    '<https://api.example.com.evil.example/>; rel="next"',
    '<https://api.example.com:444/>; rel="next"',
  ])('lets no token go to %s', (link) => {
    expect(readNextLink(answer(link), LIST)).toEqual({ ok: false, reason: 'foreign_link' });
  });

  it('never throws, and never leaves the host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (target) => {
        const next = readNextLink(answer(`<${target}>; rel="next"`), LIST);
        expect(!next.ok || next.value === undefined || next.value.startsWith('https://api.example.com/')).toBe(true);
      }),
    );
  });
});

describe('readJsonAnswer', () => {
  it.each([
    [200, '{"a":1}', { ok: true, value: { a: 1 } }],
    [200, '<html>', { ok: false, reason: 'not_json' }],
    [200, '', { ok: false, reason: 'not_json' }],
    [302, '{}', { ok: false, reason: 'http_302' }],
    [500, '{}', { ok: false, reason: 'http_500' }],
  ])('of %d %j is %j', (status, body, expected) => {
    expect(readJsonAnswer({ status, headers: new Map(), body })).toEqual(expected);
  });
});
