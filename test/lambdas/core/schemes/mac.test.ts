import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64, decodeHex, decodeMacs, hmac } from '../../../../lambdas/core/schemes/mac.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((array) => Buffer.from(array));

describe('hmac', () => {
  it('is the one of RFC 4231, test case 2, however the data is divided', () => {
    const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(hmac('sha256', 'Jefe', 'what do ya want ', Buffer.from('for nothing?')).toString('hex')).toBe(mac);
    expect(hmac('sha256', 'Jefe', 'what do ya want for nothing?').toString('hex')).toBe(mac);
  });

  it('is the one of RFC 2202, test case 2', () => {
    const mac = 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79';
    expect(hmac('sha1', 'Jefe', 'what do ya want for nothing?').toString('hex')).toBe(mac);
  });
});

describe.each([
  { encoding: 'hex', decode: decodeHex },
  { encoding: 'base64', decode: decodeBase64 },
] as const)('the decoder of $encoding', ({ encoding, decode }) => {
  it('gives the bytes back, of the length asked for and no other', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decode(value.toString(encoding), value.length)).toEqual(value);
        expect(decode(value.toString(encoding), value.length + 1)).toBeUndefined();
        expect(decode(value.toString(encoding), value.length - 1)).toBeUndefined();
      }),
    );
  });

  it('takes no text that stands for the same bytes in another way, but for the case of hex', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(9), (text, length) => {
        const value = decode(text, length);
        const canonical = encoding === 'hex' ? text.toLowerCase() : text;
        if (value && length > 0) expect(value.toString(encoding)).toBe(canonical);
      }),
    );
  });
});

describe('strict decoding', () => {
  it.each(['ABCD', 'abcd', 'aBcD'])('takes hex of either case: %s', (text) => {
    expect(decodeHex(text, 2)).toEqual(Buffer.from([0xab, 0xcd]));
  });

  it.each(['abc', 'abcg', '0xab', 'ab c', 'abc\n', 'ａｂcd', ''])('does not take for hex: %j', (text) => {
    expect(decodeHex(text, 2)).toBeUndefined();
  });

  it.each(['+/8', '+/8==', '-_8=', '+/9=', '+ /8=', '+/8=\n', '=+/8', ''])('does not take for base64: %j', (text) => {
    expect(decodeBase64('+/8=', 2)).toEqual(Buffer.from([0xfb, 0xff]));
    expect(decodeBase64(text, 2)).toBeUndefined();
  });
});

describe('decodeMacs', () => {
  const decode = (text: string) => decodeHex(text, 1);
  const malformed = { ok: false, reason: 'malformed_signature' };

  it('passes over what is none', () => {
    expect(decodeMacs(['xx', 'ab', ''], decode)).toEqual({ ok: true, value: [Buffer.from([0xab])] });
  });

  it('needs one, and takes ten at most, those that are none included', () => {
    expect(decodeMacs([], decode)).toEqual(malformed);
    expect(decodeMacs(['xx', ''], decode)).toEqual(malformed);
    expect(decodeMacs(Array<string>(10).fill('ab'), decode)).toMatchObject({ ok: true });
    expect(decodeMacs(Array<string>(11).fill('ab'), decode)).toEqual(malformed);
    expect(decodeMacs(['ab', ...Array<string>(10).fill('xx')], decode)).toEqual(malformed);
  });
});
