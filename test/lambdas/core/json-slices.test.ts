import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EACH, findSlices } from '../../../lambdas/core/json-slices.ts';
import type { PathStep } from '../../../lambdas/core/json-slices.ts';

const texts = (body: string, ...path: Parameters<typeof findSlices>[1]): string[] => {
  const bytes = Buffer.from(body);
  return findSlices(bytes, path).map(({ at }) => bytes.subarray(...at).toString());
};

describe('findSlices', () => {
  it.each<[string, readonly PathStep[], string[]]>([
    ['[1, 2.50 ,"a"]', [EACH], ['1', '2.50', '"a"']],
    ['\ufeff [ {"a" : 1.00} ,{}]\r\n', [EACH], ['{"a" : 1.00}', '{}']],
    ['{"events":[{"id":1},{"id":"]"}],"meta":{}}', ['events', EACH], ['{"id":1}', '{"id":"]"}']],
    ['{"a":1,"a":[2]}', ['a', EACH], ['2']],
    ['{"\\u0061":[1]}', ['a', EACH], ['1']],
    [
      '{"entry":[{"changes":[1,2]},{"changes":[]},{},{"changes":[3]}]}',
      ['entry', EACH, 'changes', EACH],
      ['1', '2', '3'],
    ],
    ['{"a":"\\\\","b":["x\\"y",true,null]}', ['b', EACH], ['"x\\"y"', 'true', 'null']],
    ['[]', [EACH], []],
    ['{}', ['a', EACH], []],
    ['7', [EACH], []],
  ])('of %s', (body, path, expected) => {
    expect(texts(body, ...path)).toEqual(expected);
  });

  it('says where each is, as a JSON pointer', () => {
    const body = Buffer.from('{"a/b":[[1],[2,3]]}');
    expect(findSlices(body, ['a/b', EACH, EACH]).map(({ pointer }) => pointer)).toEqual([
      '/a~1b/0/0',
      '/a~1b/1/0',
      '/a~1b/1/1',
    ]);
  });

  it('agrees with JSON.parse, whatever the values and the white space', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 0, max: 4 }), (values, indent) => {
        const body = JSON.stringify({ before: '[{"', items: values, after: [] }, null, indent);
        const found = texts(body, 'items', EACH).map((text) => JSON.parse(text) as unknown);
        expect(found).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  it('takes linear time, and no stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(texts(`[${deep},1]`, EACH)).toEqual([deep, '1']);
    const many = `[${Array.from({ length: 50_000 }, (_, n) => `{"id":${n}}`).join()}]`;
    expect(texts(many, EACH)).toHaveLength(50_000);
  });
});
