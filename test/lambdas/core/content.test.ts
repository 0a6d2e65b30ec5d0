import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readForm, readLines, readMultipart } from '../../../lambdas/core/content.ts';

describe('a form', () => {
  const form = (text: string) => readForm(Buffer.from(text, 'latin1'));

  it('has its fields by name, as often as they came', () => {
    expect([...(form('payload=%7B%22a%22%3A1%7D&b=1+2&b=%C3%A9&c=') ?? [])]).toEqual([
      ['payload', ['{"a":1}']],
      ['b', ['1 2', 'é']],
      ['c', ['']],
    ]);
    expect(form('__proto__=1')?.get('__proto__')).toEqual(['1']);
  });

  it.each(['', '{}', '{"a":"b=c"}', 'a b=c', 'plain', '=1', 'a=\n', 'a=\xe9', '&a=1'])('is not %j', (text) => {
    expect(form(text)).toBeUndefined();
  });
});

describe('multipart', () => {
  const body = [
    '--boundary-1',
    'Content-Disposition: form-data; name="json"',
    '',
    '{"event":1}',
    '--boundary-1',
    'content-disposition: form-data; name="file"; filename="a \u00e9.txt"',
    'Content-Type: text/plain',
    '',
    'one\r\n--boundary-2\r\ntwo',
    '--boundary-1--',
    '',
  ].join('\r\n');

  it('has its parts in their order, byte for byte', () => {
    expect(readMultipart(Buffer.from(body))).toEqual([
      { name: 'json', content: Buffer.from('{"event":1}') },
      {
        ...{ name: 'file', filename: 'a \u00e9.txt', contentType: 'text/plain' },
        content: Buffer.from('one\r\n--boundary-2\r\ntwo'),
      },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['JSON', '{}'],
    ['an unfinished body', body.slice(0, -20)],
    ['a part without a name', body.replace('; name="json"', '')],
    ['a part without a head', body.replace('\r\n\r\n{', '{')],
    ['no boundary', body.replace('--boundary-1\r\n', '--\r\n')],
  ])('is not %s', (_what, text) => {
    expect(readMultipart(Buffer.from(text))).toBeUndefined();
  });
});

describe('JSON lines', () => {
  const values = (text: string) => readLines(Buffer.from(text))?.map(({ value }) => value);

  it('are one value per line, empty lines aside', () => {
    expect(values('{"a":1}\n\r\n[2]\r\n"x"')).toEqual([{ a: 1 }, [2], 'x']);
  });

  it.each(['', '\n', '{"a":1}\n{', '{\n}'])('are not %j', (text) => {
    expect(values(text)).toBeUndefined();
  });
});

it('nothing makes reading a body throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const read of [readForm, readMultipart, readLines]) read(Buffer.from(bytes));
    }),
  );
});
