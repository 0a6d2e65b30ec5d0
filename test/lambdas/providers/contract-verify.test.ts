import { describe, expect, it } from '@jest/globals';
import { MAX_HEADER_BYTES } from '../../../lambdas/core/schemes/headers.ts';
import { MAX_CANDIDATES } from '../../../lambdas/core/schemes/mac.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import {
  delivery,
  headerOf,
  isSignedInBody,
  later,
  NOW,
  ownScheme,
  refusal,
  sampled,
  secret,
  SECRET,
  secretsOf,
  signed,
  verdictOf,
  withHeader,
} from './deliveries.ts';
import { underTest } from './subjects.ts';

const reversed = (body: Buffer): object =>
  Object.fromEntries(Object.entries(JSON.parse(body.toString()) as object).reverse());

/** The last run of characters in a header that is long enough to be a signature. */
function signatureIn(header: string): string {
  const text = header.match(/[\w+/-]{27,}={0,2}/g)?.at(-1);
  if (text === undefined) throw new Error('the header carries no signature');
  return text;
}

/** The bytes with each of their bits changed in turn. One expectation of all takes a fraction of the time of one each. */
const withoutOneBit = (of: Buffer): Buffer[] =>
  Array.from({ length: of.length * 8 }, (_, bit) => {
    const changed = Buffer.from(of);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return changed;
  });

/** How a signature is written. */
function encodingOf(text: string): 'hex' | 'base64' | 'base64url' {
  if (/^[\da-fA-F]+$/.test(text)) return 'hex';
  return Buffer.from(text, 'base64').toString('base64') === text ? 'base64' : 'base64url';
}

/** Rules that every provider has to follow when it signs and verifies; contract.test.ts has the rest. */
describe.each([...underTest])('%s', (_name, provider) => {
  const { body, headers } = sampled(provider);
  const valid = signed(provider, body, { headers });
  const scheme = ownScheme(provider);
  const required = scheme.headers.filter(({ optional }) => !optional);
  const carrier = scheme.headers.find(({ carries }) => carries === 'signature');
  const coversBody = scheme.coverage === 'body';
  /** A MAC or an Ed25519 signature has one length: anything else is malformed, and not just wrong. */
  const isFixed = /^(HMAC|Ed25519)/.test(scheme.title);
  const isJson = (provider.content ?? []).every(({ name }) => name.startsWith('JSON') && name !== 'JSON lines');
  const stored = (seed: string, label: 'current' | 'pending' | 'previous' = 'current') =>
    secret(secretsOf(provider, seed).stored, label);
  const signing = (seed: string): string => secretsOf(provider, seed).signing;
  const kindOf = (header: string): string =>
    scheme.headers.find(({ name }) => name === header)?.carries === 'timestamp' ? 'timestamp' : 'signature';

  describe('signs', () => {
    it('with its headers and no other', () => {
      const made = [...valid.headers.keys()];
      const known = [...scheme.headers.map(({ name }) => name), ...Object.keys(headers)];
      expect(known).toEqual(expect.arrayContaining(made));
      expect(made).toEqual(expect.arrayContaining(required.map(({ name }) => name)));
    });

    it('within the limits that it is read with', () => {
      for (const [header] of valid.headers)
        expect(Buffer.byteLength(headerOf(valid, header))).toBeLessThan(MAX_HEADER_BYTES);
    });

    it('the same twice, or by an algorithm with chance in it', () => {
      const again = signed(provider, body, { headers });
      if (/ECDSA|ES256/.test(scheme.title)) expect(refusal(provider, again)).toBe('accepted');
      else expect(again).toEqual(valid);
    });

    it('so that each of the secrets it signs with is accepted, the first at least', () => {
      if (scheme.fetchesKeys) return;
      const both = signed(provider, body, { headers, secrets: [signing('first'), signing('second')] });
      expect(refusal(provider, both, { secrets: [stored('first')] })).toBe('accepted');
      const length = (of: typeof valid) => [...of.headers].join().length;
      const signsWithBoth = length(both) > length(valid) + 20;
      expect(refusal(provider, both, { secrets: [stored('second')] })).toBe(
        signsWithBoth ? 'accepted' : 'signature_mismatch',
      );
    });
  });

  describe('accepts', () => {
    it.each(['current', 'pending', 'previous'] as const)(
      'a delivery signed with the %s secret, and names it',
      (label) => {
        // The secret of a scheme whose keys are fetched is what the key is asked for with: any matches.
        if (scheme.fetchesKeys) return;
        const others = (['current', 'pending', 'previous'] as const).map((other) =>
          stored(other === label ? SECRET : `not this one: ${other}`, other),
        );
        expect(verdictOf(provider, valid, { secrets: others })).toEqual({
          ok: true,
          secret: { label, versionId: `version-${label}` },
        });
      },
    );

    it.each([
      ['no bytes', Buffer.alloc(0)],
      ['bytes that are not UTF-8', Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80])],
      ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
      ['a byte order mark', Buffer.from('\ufeff{}')],
      ['a megabyte', Buffer.alloc(1_000_000, 'é~ ')],
    ])('a body of %s, unless the signature is in the body', (_what, bytes) => {
      if (!isSignedInBody(provider)) expect(refusal(provider, signed(provider, bytes))).toBe('accepted');
    });

    it.each(['123', 'a "quoted" one', 'naïve 🔑', 'k'.repeat(300)])('a secret like %j', (seed) => {
      if (scheme.fetchesKeys) return;
      const of = signed(provider, body, { headers, secrets: [signing(seed)] });
      expect(refusal(provider, of, { secrets: [stored(seed)] })).toBe('accepted');
    });
  });

  describe('refuses', () => {
    it('a body with any single bit changed, if the signature covers the body', () => {
      if (!coversBody || !carrier) return;
      const reasons = new Set(withoutOneBit(body).map((changed) => refusal(provider, { ...valid, body: changed })));
      expect([...reasons]).toEqual(['signature_mismatch']);
    });

    it.each([
      ['a byte more', (of: Buffer) => Buffer.concat([of, Buffer.from('\n')])],
      ['a byte less', (of: Buffer) => of.subarray(0, -1)],
      ['no bytes', () => Buffer.alloc(0)],
      [
        'the same JSON in other white space',
        (of: Buffer) => Buffer.from(JSON.stringify(JSON.parse(of.toString()), null, 1)),
      ],
      ['the same JSON in another order', (of: Buffer) => Buffer.from(JSON.stringify(reversed(of)))],
    ])('a body with %s, if the signature covers the body', (what, change) => {
      if (!carrier || (what.startsWith('the same JSON') && !isJson)) return;
      const changed = change(body);
      if (changed.equals(body)) return;
      const expected = scheme.coverage === 'caller' ? 'accepted' : 'signature_mismatch';
      expect(refusal(provider, { ...valid, body: changed })).toBe(expected);
    });

    it('a signature with any single bit changed', () => {
      if (!carrier) return;
      const header = headerOf(valid, carrier.name);
      const text = signatureIn(header);
      const encoding = encodingOf(text);
      const received = Buffer.from(text, encoding);
      const others = withoutOneBit(received).map((changed) => header.replace(text, changed.toString(encoding)));
      expect(others).not.toContain(header);
      const reasons = others.map((other) => refusal(provider, withHeader(valid, carrier.name, [other])));
      expect(reasons).not.toContain('accepted');
    });

    it('a signature cut short anywhere', () => {
      if (!carrier) return;
      const header = headerOf(valid, carrier.name);
      const reasons = Array.from({ length: header.length - 1 }, (_, index) =>
        refusal(provider, withHeader(valid, carrier.name, [header.slice(0, index + 1)])),
      );
      const allowed = isFixed ? /^(malformed|missing)_(signature|timestamp)$/ : /^(malformed|missing)_|_mismatch$/;
      expect(reasons.filter((reason) => !allowed.test(reason))).toEqual([]);
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
      for (const { name, carries } of required) {
        if (carries !== 'signature' && carries !== 'token') continue;
        const reason = refusal(provider, withHeader(valid, name, [change(headerOf(valid, name))]));
        if (isFixed) expect(reason).toBe('malformed_signature');
        else expect(reason).toMatch(/^(malformed_signature|missing_timestamp|signature_mismatch)$/);
      }
    });

    it.each(['garbage', ',', '=', ',,,,', '{}', 'undefined', '\ud800', ' ', '\t\t'])('the signature %j', (text) => {
      for (const { name, carries } of required) {
        if (carries !== 'signature' && carries !== 'token') continue;
        const reason = refusal(provider, withHeader(valid, name, [text]));
        if (isFixed) expect(reason).toBe('malformed_signature');
        else expect(reason).toMatch(/^(malformed_signature|signature_mismatch)$/);
      }
    });

    it(`more than ${MAX_CANDIDATES} signatures, were one of them right`, () => {
      if (!carrier) return;
      const header = headerOf(valid, carrier.name);
      for (const separator of [',', ' ', ';']) {
        const last = header.split(separator).at(-1) ?? '';
        const many = [header, ...Array.from({ length: MAX_CANDIDATES }, () => last)].join(separator);
        const reason = refusal(provider, withHeader(valid, carrier.name, [many]));
        if (isFixed && separator === ',') expect(reason).toBe('malformed_signature');
        expect(reason).not.toBe('accepted');
      }
    });

    it('a signature under the name of its algorithm', () => {
      if (!carrier) return;
      const named = withHeader(valid, carrier.name, [`sha256=${headerOf(valid, carrier.name)}`]);
      expect(refusal(provider, named)).toMatch(/^(m\w+_signature|missing_timestamp)$/);
    });

    it('another key than the one that is published', () => {
      if (!scheme.fetchesKeys) return;
      const forged = signed(provider, body, { headers, secrets: [signing('another')] });
      expect(refusal(provider, forged)).toBe('signature_mismatch');
    });

    it('another secret, however like it', () => {
      if (scheme.fetchesKeys) return;
      for (const seed of ['another', `${SECRET} `, ` ${SECRET}`, `${SECRET}\n`, SECRET.toUpperCase()]) {
        expect(refusal(provider, valid, { secrets: [stored(seed)] })).toBe('signature_mismatch');
      }
      expect(refusal(provider, valid, { secrets: [secret('')] })).toBe('signature_mismatch');
    });

    it('anything if there is no secret, or only an empty one', () => {
      expect(refusal(provider, valid, { secrets: [] })).toBe('signature_mismatch');
      if (!scheme.title.startsWith('HMAC') || provider.secret.parts) return;
      const anybodys = signed(provider, body, { headers, secrets: [''] });
      expect(refusal(provider, anybodys, { secrets: [secret('')] })).toBe('signature_mismatch');
    });

    it('a delivery without one of its headers', () => {
      for (const { name } of required) {
        expect(refusal(provider, withHeader(valid, name, undefined))).toBe(`missing_${kindOf(name)}`);
        expect(refusal(provider, withHeader(valid, name, []))).toBe(`missing_${kindOf(name)}`);
      }
    });

    it('a header sent empty', () => {
      for (const { name } of required)
        expect(refusal(provider, withHeader(valid, name, ['']))).toBe(`malformed_${kindOf(name)}`);
    });

    it('a header sent twice, were both right', () => {
      for (const { name } of required) {
        const value = headerOf(valid, name);
        expect(refusal(provider, withHeader(valid, name, [value, value]))).toBe(`malformed_${kindOf(name)}`);
        expect(refusal(provider, withHeader(valid, name, [value, '']))).toBe(`malformed_${kindOf(name)}`);
      }
    });

    it(`a header over ${MAX_HEADER_BYTES} bytes`, () => {
      for (const { name } of required)
        for (const padding of [' '.repeat(MAX_HEADER_BYTES), 'é'.repeat(MAX_HEADER_BYTES / 2)]) {
          const long = withHeader(valid, name, [headerOf(valid, name) + padding]);
          expect(refusal(provider, long)).toBe(`malformed_${kindOf(name)}`);
        }
    });

    it('a delivery without any header, and one with the headers of all others', () => {
      if (required.length === 0) return;
      const others = [...providers.values()].filter((other) => other !== provider);
      const own = new Set(scheme.headers.map(({ name }) => name));
      const theirs = others.flatMap((other) => [...signed(other, body).headers]).filter(([name]) => !own.has(name));
      expect(refusal(provider, delivery({}, body))).toBe('missing_signature');
      expect(refusal(provider, { ...valid, headers: new Map(theirs) })).toBe('missing_signature');
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
      const forged = signed(provider, body, { headers, secrets: [signing('another')] });
      const expected = window === Infinity ? 'signature_mismatch' : 'timestamp_out_of_window';
      expect(refusal(provider, forged, { now: later(1e6) })).toBe(expected);
      const off = window === Infinity ? 'accepted' : 'timestamp_out_of_window';
      expect(refusal(provider, valid, { now: later(Math.min(window, 1e6) + 0.001) })).toBe(off);
    });
  });

  it('is signed and received at the same moment', () => {
    expect(valid.body.length).toBeGreaterThan(0);
    expect(refusal(provider, valid, { now: NOW })).toBe('accepted');
  });
});
