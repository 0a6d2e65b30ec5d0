import { describe, expect, it } from '@jest/globals';
import { MAX_HEADER_BYTES } from '../../../lambdas/core/schemes/headers.ts';
import { MAX_CANDIDATES } from '../../../lambdas/core/schemes/mac.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import {
  delivery,
  headerOf,
  later,
  NOW,
  ownScheme,
  refusal,
  secret,
  SECRET,
  signed,
  verdictOf,
  withHeader,
} from './deliveries.ts';

const reversed = (body: Buffer): object =>
  Object.fromEntries(Object.entries(JSON.parse(body.toString()) as object).reverse());

/** The first MAC in a header. */
function macIn(header: string): Buffer {
  const [hex] = /[\da-f]{64}/.exec(header) ?? [];
  return hex === undefined ? Buffer.from(header, 'base64') : Buffer.from(hex, 'hex');
}

/** How a MAC is written in a header: the one of its encodings that is there. */
function encodingOf(mac: Buffer, header: string): string {
  const found = [mac.toString('hex'), mac.toString('base64')].find((encoded) => header.includes(encoded));
  if (found === undefined) throw new Error('the header does not carry the MAC');
  return found;
}

const encodedLike = (encoded: string, mac: Buffer): string =>
  mac.toString(encoded.length === 2 * mac.length ? 'hex' : 'base64');

/** Rules that every provider has to follow when it signs and verifies; contract.test.ts has the rest. */
describe.each([...providers])('%s', (_name, provider) => {
  const body = Buffer.from(provider.sample({ id: 'contract-1', now: NOW }));
  const valid = signed(provider, body);
  const scheme = ownScheme(provider);
  const nameOf = (kind: string) => scheme.headers.find(({ carries }) => carries === kind)?.name;
  const [signatureHeader, timestampHeader] = [nameOf('signature') ?? '', nameOf('timestamp')];
  const signature = headerOf(valid, signatureHeader);
  const headersAndKinds: [string, 'signature' | 'timestamp'][] = [
    [signatureHeader, 'signature'],
    ...(timestampHeader === undefined ? [] : [[timestampHeader, 'timestamp'] as [string, 'timestamp']]),
  ];

  describe('signs', () => {
    it('with its headers and no other', () => {
      expect([...valid.headers.keys()]).toEqual(scheme.headers.map(({ name }) => name));
    });

    it('within the limits that it is read with', () => {
      for (const { name: header } of scheme.headers) {
        expect(Buffer.byteLength(headerOf(valid, header))).toBeLessThan(MAX_HEADER_BYTES);
      }
    });

    it('the same twice', () => {
      expect(signed(provider, body)).toEqual(valid);
    });

    it('so that each of the secrets it signs with is accepted, the first at least', () => {
      const both = signed(provider, body, { secrets: ['first', 'second'] });
      expect(refusal(provider, both, { secrets: [secret('first')] })).toBe('accepted');
      const signatures = headerOf(both, signatureHeader).length > signature.length;
      expect(refusal(provider, both, { secrets: [secret('second')] })).toBe(
        signatures ? 'accepted' : 'signature_mismatch',
      );
    });
  });

  describe('accepts', () => {
    it.each(['current', 'pending', 'previous'] as const)(
      'a delivery signed with the %s secret, and names it',
      (label) => {
        const others = (['current', 'pending', 'previous'] as const).map((other) =>
          secret(other === label ? SECRET : `not this one: ${other}`, other),
        );
        expect(verdictOf(provider, valid, { secrets: others })).toEqual({
          ok: true,
          secret: { label, versionId: `version-${label}` },
        });
      },
    );

    it.each([
      ['no bytes', Buffer.alloc(0)],
      ['bytes that are no UTF-8', Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80])],
      ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
      ['a byte order mark', Buffer.from('\ufeff{}')],
      ['a megabyte', Buffer.alloc(1_000_000, 'é~ ')],
    ])('a body of %s', (_what, bytes) => {
      expect(refusal(provider, signed(provider, bytes))).toBe('accepted');
    });

    it.each(['123', 'a "quoted" one', 'naïve 🔑', 'k'.repeat(300)])('a secret like %j', (value) => {
      const of = signed(provider, body, { secrets: [value] });
      expect(refusal(provider, of, { secrets: [secret(value)] })).toBe('accepted');
    });
  });

  describe('refuses', () => {
    it('a body with any single bit changed', () => {
      for (let bit = 0; bit < body.length * 8; bit++) {
        const changed = Buffer.from(body);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(refusal(provider, { ...valid, body: changed })).toBe('signature_mismatch');
      }
    });

    it.each([
      ['a byte more', Buffer.concat([body, Buffer.from('\n')])],
      ['a byte less', body.subarray(0, -1)],
      ['no bytes', Buffer.alloc(0)],
      ['the same JSON in other white space', Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))],
      ['the same JSON in another order', Buffer.from(JSON.stringify(reversed(body)))],
    ])('a body with %s', (_what, changed) => {
      expect(refusal(provider, { ...valid, body: changed })).toBe('signature_mismatch');
    });

    it('a MAC with any single bit changed', () => {
      const received = macIn(signature);
      for (let bit = 0; bit < received.length * 8; bit++) {
        const changed = Buffer.from(received);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const text = signature.replace(encodingOf(received, signature), (encoded) => encodedLike(encoded, changed));
        expect(text).not.toBe(signature);
        expect(refusal(provider, withHeader(valid, signatureHeader, [text]))).not.toBe('accepted');
      }
    });

    it('a signature cut short anywhere', () => {
      for (let length = 1; length < signature.length; length++) {
        const cut = withHeader(valid, signatureHeader, [signature.slice(0, length)]);
        expect(refusal(provider, cut)).toMatch(/^(malformed|missing)_(signature|timestamp)$/);
      }
    });

    it.each([
      ['a character more', (text: string) => `${text}0`],
      ['a line break after it', (text: string) => `${text}\n`],
      ['a NUL after it', (text: string) => `${text}\0`],
      ['a blank inside', (text: string) => `${text.slice(0, -9)} ${text.slice(-9)}`],
      ['quotes around it', (text: string) => `"${text}"`],
      ['letters beyond ASCII', (text: string) => text.replace(/.$/, 'é')],
      ['full-width digits', (text: string) => text.replace(/.$/, '\uff10')],
    ])('a signature with %s', (_what, change) => {
      const changed = withHeader(valid, signatureHeader, [change(signature)]);
      expect(refusal(provider, changed)).toBe('malformed_signature');
    });

    it.each(['garbage', ',', '=', ',,,,', '{}', 'undefined', '\ud800', ' ', '\t\t'])('the signature %j', (text) => {
      expect(refusal(provider, withHeader(valid, signatureHeader, [text]))).toBe('malformed_signature');
    });

    it(`more than ${MAX_CANDIDATES} signatures, were one of them right`, () => {
      const last = signature.split(',').at(-1) ?? '';
      const many = [signature, ...Array.from({ length: MAX_CANDIDATES }, () => last)].join(',');
      expect(refusal(provider, withHeader(valid, signatureHeader, [many]))).toBe('malformed_signature');
    });

    it('a signature under the name of its algorithm', () => {
      const named = withHeader(valid, signatureHeader, [`sha256=${signature}`]);
      expect(refusal(provider, named)).toMatch(/^(malformed_signature|missing_timestamp)$/);
    });

    it('another secret, however like it', () => {
      for (const value of ['another', `${SECRET} `, ` ${SECRET}`, `${SECRET}\n`, SECRET.toUpperCase(), '']) {
        expect(refusal(provider, valid, { secrets: [secret(value)] })).toBe('signature_mismatch');
      }
    });

    it('anything where there is no secret, or only an empty one', () => {
      expect(refusal(provider, valid, { secrets: [] })).toBe('signature_mismatch');
      const anybodys = signed(provider, body, { secrets: [''] });
      expect(refusal(provider, anybodys, { secrets: [secret('')] })).toBe('signature_mismatch');
    });

    it.each(headersAndKinds)('a delivery without %s', (header, kind) => {
      expect(refusal(provider, withHeader(valid, header, undefined))).toBe(`missing_${kind}`);
      expect(refusal(provider, withHeader(valid, header, []))).toBe(`missing_${kind}`);
    });

    it.each(headersAndKinds)('%s sent empty', (header, kind) => {
      expect(refusal(provider, withHeader(valid, header, ['']))).toBe(`malformed_${kind}`);
    });

    it.each(headersAndKinds)('%s sent twice, were both right', (header, kind) => {
      const value = headerOf(valid, header);
      expect(refusal(provider, withHeader(valid, header, [value, value]))).toBe(`malformed_${kind}`);
      expect(refusal(provider, withHeader(valid, header, [value, value, value]))).toBe(`malformed_${kind}`);
      expect(refusal(provider, withHeader(valid, header, [value, '']))).toBe(`malformed_${kind}`);
    });

    it.each(headersAndKinds)(`%s over ${MAX_HEADER_BYTES} bytes`, (header, kind) => {
      const value = headerOf(valid, header);
      for (const padding of [' '.repeat(MAX_HEADER_BYTES), 'é'.repeat(MAX_HEADER_BYTES / 2)]) {
        expect(refusal(provider, withHeader(valid, header, [value + padding]))).toBe(`malformed_${kind}`);
      }
    });

    it('a delivery without any header, and one with the headers of all others', () => {
      const others = [...providers.values()].filter((other) => other !== provider);
      const theirs = new Map(others.flatMap((other) => [...signed(other, body).headers]));
      expect(refusal(provider, delivery({}, body))).toBe('missing_signature');
      expect(refusal(provider, { ...valid, headers: theirs })).toBe('missing_signature');
    });

    it('another URL, if it signs the URL, whose query is not taken from the request', () => {
      const elsewhere = { ...valid, url: `${valid.url}/more` };
      expect(refusal(provider, elsewhere)).toBe(scheme.signsUrl ? 'signature_mismatch' : 'accepted');
      expect(refusal(provider, { ...valid, url: `${valid.url}?a=b` })).toBe('accepted');
    });
  });

  // If no timestamp is signed, a delivery stays authentic for ever, and the ledger is the guard.
  describe('at other times', () => {
    const window = scheme.replayWindowSeconds ?? Infinity;
    const times = [-1e9, -301, -300, -61, -60, -1, 0, 1, 60, 61, 300, 301, 86_400, 1e9];

    it.each(times)('received %d s after it was signed', (seconds) => {
      const expected = Math.abs(seconds) <= window ? 'accepted' : 'timestamp_out_of_window';
      expect(refusal(provider, valid, { now: later(seconds) })).toBe(expected);
    });

    it('says so without looking at the signature, and by the millisecond', () => {
      const forged = signed(provider, body, { secrets: ['another'] });
      const expected = window === Infinity ? 'signature_mismatch' : 'timestamp_out_of_window';
      expect(refusal(provider, forged, { now: later(1e6) })).toBe(expected);
      const off = window === Infinity ? 'accepted' : 'timestamp_out_of_window';
      expect(refusal(provider, valid, { now: later(Math.min(window, 1e6) + 0.001) })).toBe(off);
    });
  });
});
