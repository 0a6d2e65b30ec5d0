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

describe('a multipart body as other senders write it', () => {
  const read = (text: string) =>
    readMultipart(Buffer.from(text, 'latin1'))?.map(({ name, filename, content }) => [
      name,
      filename,
      content.toString('latin1'),
    ]);
  const one = (parameters: string) => `--B\r\nContent-Disposition: form-data; ${parameters}\r\n\r\n1\r\n--B--\r\n`;

  it.each([
    ['a name without quotes, as .NET writes it', one('name=json'), ['json', undefined, '1']],
    ['a file name without quotes', one("name=json; filename=a.txt; filename*=utf-8''a.txt"), ['json', 'a.txt', '1']],
    ['escaped quotes', one('name="a\\"b"; filename="c\\\\d"'), ['a"b', 'c\\d', '1']],
    ['backslashes that escape nothing', one('filename="C:\\tmp\\"; name="a"'), ['a', 'C:\\tmp\\', '1']],
    ['a file name that reads like a name', one('filename="x; name=json"; name="real"'), ['real', 'x; name=json', '1']],
    [
      'such a file name with quotes',
      one('filename="x; name=\\"json\\""; name="real"'),
      ['real', 'x; name="json"', '1'],
    ],
    ['a head on two lines', one('\r\n name="json"'), ['json', undefined, '1']],
    ['a line break before the first delimiter', `\r\n${one('name=json')}`, ['json', undefined, '1']],
    ['a preamble', `This is --\r\na preamble\r\n${one('name=json')}`, ['json', undefined, '1']],
    ['blanks behind a delimiter', one('name=json').replaceAll('--B\r\n', '--B \t\r\n'), ['json', undefined, '1']],
    ['text behind the last delimiter', `${one('name=json')}epilogue\r\n--B\r\n`, ['json', undefined, '1']],
  ])('is read with %s', (_what, text, part) => {
    expect(read(text)).toEqual([part]);
  });

  it('has no parts if the form has no fields', () => {
    for (const text of ['--B--\r\n', '--B--', '\r\n--B--\r\n\r\n']) expect(read(text)).toEqual([]);
    expect(read('-----BEGIN CERTIFICATE-----\r\nMIIB\r\n')).toBeUndefined();
  });

  it('is not read if a part has two names', () => {
    expect(read(one('name="a"; NAME=b'))).toBeUndefined();
  });

  /** Lines of content that look like a delimiter and are none, if the boundary is `B`. */
  const line = fc.constantFrom(
    '\r\n--Bx',
    '\r\n--B2\r\n',
    '\r\n--B--x',
    '\r\n--B x\r\n',
    'x--B\r\n',
    '\r\n',
    '\n--B\n',
    '-',
    'a',
  );
  const name = fc.string({ unit: fc.constantFrom('a', '"', '\\', ';', '=', ' ', 'name=', 'é'), minLength: 1 });
  const content = fc.array(line).map((lines) => `x${lines.join('')}x\r\n\r\n--Bx`);

  it('has what was written, whatever the names are and however the content looks', () => {
    const blanks = fc.constantFrom('', ' ', '\t ');
    const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, content), { minLength: 1 }), blanks, (parts, blank) => {
        const body = parts.map(
          ([own, file, text]) =>
            `--B${blank}\r\nContent-Disposition: form-data; filename=${quoted(file)}; name=${quoted(own)}\r\n\r\n${text}\r\n`,
        );
        expect(readMultipart(Buffer.from(`${body.join('')}--B--${blank}\r\n`))).toEqual(
          parts.map(([own, filename, text]) => ({ name: own, filename, content: Buffer.from(text) })),
        );
      }),
    );
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
