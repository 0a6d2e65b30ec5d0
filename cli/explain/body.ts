import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Cause } from './causes.ts';
import { jsonForms } from './json-forms.ts';
import { withBody } from './trial.ts';
import type { Change, Hypothesis } from './trial.ts';

/** The most bytes that a body is unpacked to. */
const MAX_OUTPUT = 8 * 1024 * 1024;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

type Make = (body: Buffer) => Buffer | undefined;

const ends = (body: Buffer, end: string): boolean =>
  body.toString('latin1', Math.max(0, body.length - 2)).endsWith(end);
const without =
  (end: string): Make =>
  (body) =>
    ends(body, end) ? body.subarray(0, -end.length) : undefined;
const plus =
  (end: string): Make =>
  (body) =>
    Buffer.concat([body, Buffer.from(end)]);
const lines =
  (from: RegExp, to: string): Make =>
  (body) =>
    Buffer.from(body.toString('latin1').replaceAll(from, to), 'latin1');

function isUtf8Safe(text: string): boolean {
  return !text.includes('\ufffd');
}

const fromText =
  (make: (text: string) => Buffer | string | undefined): Make =>
  (body) => {
    const text = body.toString('utf8');
    if (!isUtf8Safe(text)) return undefined;
    const made = make(text);
    return typeof made === 'string' ? Buffer.from(made) : made;
  };

/** Windows-1252 has these characters where ISO 8859-1 has controls. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009dž\u009fŸ';

/** A character that Windows-1252 has. Of those beyond ASCII most are as in ISO 8859-1. */
const SINGLE = new RegExp(`^[\\0-\\x7f\\xa0-\\xff${WINDOWS_1252}]*$`, 'u');

/** The text as one byte per character; undefined if it has a character that Windows-1252 does not have. */
const toSingleBytes = (text: string): Buffer | undefined =>
  SINGLE.test(text)
    ? Buffer.from(
        text.replaceAll(/[^\0-\x7f\xa0-\xff]/g, (character) =>
          String.fromCharCode(0x80 + WINDOWS_1252.indexOf(character)),
        ),
        'latin1',
      )
    : undefined;

const fromSingleBytes = (body: Buffer): string =>
  body.toString('latin1').replaceAll(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80] ?? '');

const unpacked =
  (unpack: (body: Buffer, options: { maxOutputLength: number }) => Buffer): Make =>
  (body) => {
    try {
      return unpack(body, { maxOutputLength: MAX_OUTPUT });
    } catch {
      return undefined;
    }
  };

function parsedText(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function urlDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const BASE64 = /^[\w+/=\r\n-]{8,}$/;

/** The bytes that may have been signed, made out of those that came; the likeliest first. */
const MADE: readonly (readonly [Cause, string, Make])[] = [
  ['body_newline', 'a line break was added at the end', without('\n')],
  ['body_newline', 'a CRLF was added at the end', without('\r\n')],
  ['body_newline', 'a line break was removed at the end', plus('\n')],
  ['body_newline', 'a CRLF was removed at the end', plus('\r\n')],
  ['body_line_ends', 'CRLF came for LF', lines(/\r\n/g, '\n')],
  ['body_line_ends', 'LF came for CRLF', lines(/(?<!\r)\n/g, '\r\n')],
  [
    'body_bom',
    'a byte order mark was added',
    (body) => (body.subarray(0, 3).equals(BOM) ? body.subarray(3) : undefined),
  ],
  ['body_bom', 'the byte order mark was removed', (body) => Buffer.concat([BOM, body])],
  ['body_charset', 'ISO 8859-1 or Windows-1252 was signed, and UTF-8 came', fromText(toSingleBytes)],
  [
    'body_charset',
    'UTF-8 was signed, and ISO 8859-1 or Windows-1252 came',
    (body) => Buffer.from(fromSingleBytes(body)),
  ],
  ['body_charset', 'UTF-8 was signed, and came encoded twice', fromText((text) => toSingleBytes(text))],
  ['body_charset', 'UTF-16 was signed, and UTF-8 came', fromText((text) => Buffer.from(text, 'utf16le'))],
  [
    'body_charset',
    'UTF-8 was signed, and UTF-16 came',
    (body) => Buffer.from(body.toString('utf16le').replace(/^\ufeff/, '')),
  ],
  ['body_compressed', 'it came compressed by gzip', unpacked(gunzipSync)],
  ['body_compressed', 'it came compressed by deflate', unpacked(inflateSync)],
  ['body_compressed', 'it came compressed by brotli', unpacked(brotliDecompressSync)],
  [
    'body_base64',
    'it came as base64',
    fromText((text) => (BASE64.test(text.trim()) ? Buffer.from(text, 'base64') : undefined)),
  ],
  ['body_base64', 'its base64 was signed', (body) => Buffer.from(body.toString('base64'))],
  ['body_quoted', 'it came as a JSON string', fromText(parsedText)],
  ['body_quoted', 'a JSON string that holds it was signed', fromText((text) => JSON.stringify(text))],
  ['body_url_encoded', 'it came URL-encoded', fromText(urlDecoded)],
  [
    'body_url_encoded',
    'it came as a form field',
    fromText((text) => (/^[\w.-]+=/.test(text) ? urlDecoded(text.replace(/^[\w.-]+=/, '')) : undefined)),
  ],
  ['body_url_encoded', 'its URL encoding was signed', fromText((text) => encodeURIComponent(text))],
  ['body_empty', 'an empty body was signed', (body) => (body.length > 0 ? Buffer.alloc(0) : undefined)],
];

/** The body was altered on its way. A token says nothing of the body, so there it explains nothing. */
export const bodyDamages: Hypothesis = function* ({ delivery: { body }, scheme }) {
  if (scheme.coverage === 'caller') return;
  for (const [cause, detail, make] of MADE) {
    const made = make(body);
    if (made && !made.equals(body)) yield change(cause, detail, made);
  }
  for (const [form, made] of jsonForms(body)) {
    if (!made.equals(body)) yield change('body_reserialised', `signed ${form}`, made);
    yield change(
      'body_reserialised',
      `signed ${form}, with a line break at the end`,
      Buffer.concat([made, Buffer.from('\n')]),
    );
  }
};

const change = (cause: Cause, detail: string, body: Buffer): Change => ({
  ...{ cause, detail },
  apply: (trial) => withBody(trial, body),
});
