/** Inputs that have broken receivers before. */

const DEEP = 20_000;

/** Texts for ids, header values, paths and the like. */
export const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\t',
    '\0',
    'a\0b',
    '\r\n',
    'x\r\nSet-Cookie: a=b',
    '\u2028',
    '\uFEFF',
    '\uFFFE\uFFFF',
    '\uD800',
    '\uDC00a',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'then'],
  ...[
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-0',
    '0',
    '1e400',
    '0x10',
    '9007199254740993',
    '٣',
    '①',
    'true',
    '[object Object]',
  ],
  ...[
    '../../etc/passwd',
    '%00',
    '%',
    '%zz',
    '%ED%A0%80',
    '//',
    '/..;/',
    '?',
    '#',
    '${jndi:ldap://x}',
    '{{7*7}}',
    "' OR 1=1--",
  ],
  ...['<script>alert(1)</script>', '"', '\\', '\\u0000', 'é', 'e\u0301', '👩‍👩‍👧', '\u202Etxt', 'ﷺ', 'İ', 'ß', 'ǆ'],
  ...[
    't=1,v1=',
    't=,v1=,v1=',
    'v1=00',
    't=1',
    ',,,,',
    '=',
    '===',
    'a=b=c',
    'sha256=00',
    't=01767225600',
    't= 1767225600',
  ],
  ...['2026-02-30T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00', '+275760-09-13T00:00:00Z', '1767225600', '-1'],
  ...[
    '0'.repeat(64),
    'f'.repeat(64),
    'A'.repeat(43) + '=',
    'g'.repeat(64),
    '0'.repeat(63),
    '='.repeat(44),
    '0'.repeat(5_000),
  ],
];

/** The JSON text with a field in each of its objects that nests so deep that what calls itself for each level overflows the stack. */
export const deepened = (json: string): string =>
  json.replaceAll('{"', `{"deep":${'['.repeat(DEEP)}${']'.repeat(DEEP)},"`);

/** Bodies. */
export const BODIES: readonly Buffer[] = [
  ...[
    '',
    ' ',
    '{}',
    '[]',
    'null',
    '0',
    '"x"',
    'true',
    '{',
    '}',
    '{"',
    '{"a":',
    '[1,',
    '{}{}',
    '{} ',
    '\uFEFF{}',
    '\0{}',
    '{}\0',
  ],
  ...['{"__proto__":{"event_id":"x","id":"x"}}', '{"constructor":{"prototype":{"id":"x"}}}', '{"toString":1,"id":"x"}'],
  ...[
    '{"id":"a","id":"b","type":"t"}',
    '{"id":1e400,"type":"t"}',
    '{"id":9007199254740993,"event_id":9007199254740993}',
  ],
  ...[
    '{"id":-0,"event_id":-0,"type":"t"}',
    '{"id":"\\ud800","event_id":"\\udc00","type":"\\ud800"}',
    '{"id":[],"event_id":{}}',
  ],
  ...['{"id":"\\u0000","event_id":"\\u0000","type":"\\u0000"}', '{"id":" ","event_id":"\\t","type":"\\n"}'],
  ...[
    '{"time":"2026-02-30T00:00:00Z","id":"x","type":"t"}',
    '{"createdAt":"0001-01-01T00:00:00Z","id":"x","type":"t"}',
  ],
  ...[
    '{"challenge":"x"}',
    '{"validationToken":"<script>"}',
    'challenge=x',
    '<?xml version="1.0"?><a/>',
    '--boundary\r\n',
  ],
  `{"id":"${'x'.repeat(3_000)}","event_id":"${'y'.repeat(3_000)}","type":"${'t'.repeat(3_000)}"}`,
  '['.repeat(DEEP),
  '['.repeat(DEEP) + ']'.repeat(DEEP),
  '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP),
  `{"id":"x","event_id":"x","type":"t","data":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`,
  '"' + '\\u0001'.repeat(5_000) + '"',
  '\uFFFE\uFFFF'.repeat(2_000),
].map((text) => Buffer.from(text));

/** Bodies that are not UTF-8. */
export const BYTES: readonly Buffer[] = [
  ...['ff', 'fe', 'c0af', 'eda080', 'f4908080', '80', 'c3', '7b22696422 3a22ff227d', '7b226964223a22c0af227d', '00'],
  ...['1f8b0800000000000003', 'efbbbf7b7d', 'fffe7b007d00', '00'.repeat(1_000), 'ff'.repeat(1_000)],
].map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** Header names: those that a prototype has, those that the way of a delivery reads, and names that no server should take. */
export const HEADER_NAMES: readonly string[] = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    '\0',
    'x\r\ny',
    'İ',
    'ſignature',
    'Content-Type',
  ],
  ...['content-length', 'Content-Encoding', 'Transfer-Encoding', 'Host', 'X-Forwarded-For', 'Expect'],
  ...[
    'X-HTTP-Method-Override',
    'Authorization',
    'Cookie',
    'WebHook-Request-Origin',
    'WebHook-Request-Rate',
    'X-Amzn-Trace-Id',
  ],
];
