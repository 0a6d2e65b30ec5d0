import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hmac } from '../../../../lambdas/core/schemes/hmac.ts';
import { list, numbered, plain, tagged } from '../../../../lambdas/core/schemes/forms.ts';
import { pairs } from '../../../../lambdas/core/schemes/pairs.ts';
import type { Scheme } from '../../../../lambdas/core/schemes/scheme.ts';
import { BODY, later, NOW, outcome, signedBy, URL_SEEN, withHeader, without } from './schemes.ts';

const NAME = 'x-acme-signature';
const single = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: { header: NAME, encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
  signed: ['body'],
});
const several = hmac({
  hash: 'sha512',
  key: 'hex',
  signature: { header: NAME, encoding: 'base64', form: list() },
  timestamp: { header: 'x-acme-time', unit: 'ms', toleranceSeconds: 300 },
  signed: ['method', 'url', 'body', 'timestamp'],
});
const paired = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: {
    header: NAME,
    encoding: 'hex',
    form: pairs({ separator: ';', timestamp: 'ts', signature: 'h1' }),
  },
  timestamp: { unit: 's', toleranceSeconds: 300 },
  signed: ['timestamp', { text: ':' }, 'body'],
});
const groups = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: {
    header: NAME,
    encoding: 'hex',
    form: pairs({ timestamp: 't', signature: 'v1', groups: ' ' }),
  },
  timestamp: { unit: 's', toleranceSeconds: 300 },
  signed: ['timestamp', { text: '.' }, 'body'],
});
const unnamed = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: { header: NAME, encoding: 'hex', form: pairs({ timestamp: 't', signature: '' }) },
  timestamp: { unit: 's' },
  signed: ['timestamp', { text: '.' }, 'body'],
});
const bare = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: { header: NAME, encoding: 'base64', form: pairs({ timestamp: 't', signature: '' }) },
  timestamp: { unit: 's' },
  signed: ['timestamp', { text: '.' }, 'body'],
});
/** Headers as a vendor's page writes them. */
const written = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: { header: 'X-Acme-Signature', encoding: 'hex', form: list() },
  timestamp: { header: 'X-Acme-Time', unit: 's', toleranceSeconds: 300 },
  id: { header: 'X-Acme-Id' },
  signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, { header: 'X-Acme-Tenant' }, { text: '.' }, 'body'],
});
const labelled = hmac({
  hash: 'sha256',
  key: { encoding: 'base64', prefix: 'whsec_' },
  signature: { header: NAME, encoding: 'base64', form: tagged('v1') },
  timestamp: { header: 'x-acme-time', unit: 's', toleranceSeconds: 300 },
  id: { header: 'x-acme-id' },
  signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
});
const perKey = hmac({
  hash: 'sha1',
  key: { encoding: 'utf8', suffix: '&' },
  signature: { header: NAME, encoding: 'base64url', form: numbered({ upTo: 10 }) },
  signed: [{ header: 'x-acme-tenant' }, 'body', 'url'],
});
const part = hmac({
  hash: 'sha256',
  key: { encoding: 'utf8', part: 'appSecret' },
  signature: { header: NAME, encoding: ['base64', 'hex'] },
  signed: ['body'],
});

const schemes: [string, Scheme][] = Object.entries({
  single,
  several,
  paired,
  groups,
  unnamed,
  bare,
  written,
  labelled,
  perKey,
  part,
});

describe.each(schemes)('the form %s', (_name, scheme) => {
  const headers = { 'x-acme-tenant': 'north' };
  const valid = signedBy(scheme, { headers });

  it('verifies what it signs, and nothing else', () => {
    expect(outcome(scheme, valid)).toBe('accepted');
    expect(outcome(scheme, valid, { secret: scheme.secretFrom('another').stored })).toBe('signature_mismatch');
    expect(outcome(scheme, { ...valid, body: Buffer.from('{"id":"2"}') })).toBe('signature_mismatch');
  });

  it('signs with each live secret if it has the room', () => {
    const [first, second] = ['one', 'two'].map((seed) => scheme.secretFrom(seed));
    if (!first || !second) throw new Error('no secrets');
    const both = signedBy(scheme, { headers, secrets: [first.signing, second.signing] });
    expect(outcome(scheme, both, { secret: first.stored })).toBe('accepted');
    const hasRoom = scheme !== single && scheme !== part;
    expect(outcome(scheme, both, { secret: second.stored })).toBe(hasRoom ? 'accepted' : 'signature_mismatch');
  });

  it('takes the secret that it makes up, and says of others that they are not usable', () => {
    expect(scheme.accepts(scheme.secretFrom('seed').stored)).toBe(true);
    expect(scheme.accepts('')).toBe(false);
    expect(outcome(scheme, valid, { secret: '' })).toBe('signature_mismatch');
  });

  it('keeps its timestamp within the window, either way', () => {
    const window = scheme.replayWindowSeconds;
    const at = (seconds: number) => outcome(scheme, valid, { now: later(seconds) });
    expect([-300, 300].map(at)).toEqual(['accepted', 'accepted']);
    const far = window === undefined ? 'accepted' : 'timestamp_out_of_window';
    expect([-301, 301, 1e6].map(at)).toEqual([far, far, far]);
  });

  it('says which headers it reads, and refuses a delivery without one of them', () => {
    const names = scheme.headers.filter(({ optional }) => !optional).map(({ name }) => name);
    for (const name of names) {
      expect(outcome(scheme, without(valid, name))).toMatch(/^missing_(signature|timestamp)$/);
      expect(outcome(scheme, withHeader(valid, name, ''))).toMatch(/^malformed_(signature|timestamp)$/);
    }
  });
});

describe('a signature', () => {
  it('is told from a named part by what is behind its "=", which padding is not', () => {
    const form = pairs({ timestamp: 't', signature: '' });
    const sizes = fc.constantFrom(20, 32, 64).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(sizes, fc.constantFrom('base64', 'base64url', 'hex'), (bytes, encoding) => {
        const mac = Buffer.from(bytes).toString(encoding);
        // As most senders write base64url.
        const texts = [mac, ...(encoding === 'base64url' ? [`${mac}${'='.repeat((4 - (mac.length % 4)) % 4)}`] : [])];
        const read = form.read(new Map([[NAME, [`t=1,v0=${mac},${texts.join(',')}`]]]), NAME);
        expect(read).toEqual({ ok: true, value: [{ signatures: texts, timestamp: '1' }] });
      }),
    );
  });

  it('is no timestamp that says nothing', () => {
    const form = pairs({ timestamp: 't', signature: '' });
    expect(form.read(new Map([[NAME, ['t=,abc']]]), NAME)).toEqual({
      ok: true,
      value: [{ signatures: ['abc'], timestamp: '' }],
    });
  });

  it('is taken as its sender signs it, whatever the body', () => {
    for (const scheme of [bare, unnamed])
      fc.assert(
        fc.property(fc.uint8Array(), (bytes) => {
          expect(outcome(scheme, signedBy(scheme, { body: Buffer.from(bytes) }))).toBe('accepted');
        }),
      );
  });

  it('in base64url may have all of its padding, or none', () => {
    const scheme = hmac({
      hash: 'sha256',
      key: 'base64url',
      signature: { header: NAME, encoding: 'base64url' },
      signed: ['body'],
    });
    const valid = signedBy(scheme);
    const mac = valid.headers.get(NAME)?.[0] ?? '';
    const { stored } = scheme.secretFrom('seed');
    const says = (text: string, secret = stored) => outcome(scheme, withHeader(valid, NAME, text), { secret });
    expect([says(mac), says(`${mac}=`), says(mac, `${stored}=`)]).toEqual(['accepted', 'accepted', 'accepted']);
    for (const text of [`${mac}==`, `${mac}=====`, `=${mac}`, `${mac.slice(0, -1)}=`, `${mac}=x`, `${mac} =`])
      expect(says(text)).toBe('malformed_signature');
    // The last letter has two bits that stand for nothing.
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(mac.slice(-1));
    const other = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last + 1] ?? '';
    expect(says(`${mac.slice(0, -1)}${other}=`)).toBe('malformed_signature');
  });
});

describe('the bytes that are signed', () => {
  const mac = (hash: string, key: string | Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const time = NOW.getTime();

  it('are the parts in their order', () => {
    const key = Buffer.from(several.secretFrom('seed').stored, 'hex');
    const expected = mac('sha512', key, `POST${URL_SEEN}${BODY.toString()}${time}`);
    expect(signedBy(several).headers.get(NAME)).toEqual([expected.toString('base64')]);
  });

  it('are signed with the bytes that a base64 key stands for, its prefix taken off', () => {
    const { stored } = labelled.secretFrom('seed');
    expect(stored).toMatch(/^whsec_/);
    const key = Buffer.from(stored.slice('whsec_'.length), 'base64');
    const expected = mac('sha256', key, `msg_1.${time / 1000}.${BODY.toString()}`);
    const signed = signedBy(labelled, { headers: { 'x-acme-id': 'msg_1' } });
    expect(signed.headers.get(NAME)).toEqual([`v1,${expected.toString('base64')}`]);
    expect(outcome(labelled, signed, { secret: stored.slice('whsec_'.length) })).toBe('accepted');
    expect(outcome(labelled, withHeader(signed, 'x-acme-id', 'msg_2'))).toBe('signature_mismatch');
  });

  it('are signed with the suffix and the parts of the headers', () => {
    const signed = signedBy(perKey, { headers: { 'x-acme-tenant': 'north' } });
    const expected = mac('sha1', 'seed&', `north${BODY.toString()}${URL_SEEN}`);
    expect(signed.headers.get(`${NAME}-1`)).toEqual([expected.toString('base64url')]);
    expect(outcome(perKey, withHeader(signed, 'x-acme-tenant', 'south'))).toBe('signature_mismatch');
  });

  it('hold the registered URL, and nothing that a caller wrote behind it', () => {
    const own = signedBy(several);
    expect(outcome(several, { ...own, url: `${URL_SEEN}?a=b` })).toBe('accepted');
    const publicUrl = `${URL_SEEN}?tenant=1`;
    const stated = signedBy(several, { url: publicUrl });
    expect(outcome(several, stated)).toBe('signature_mismatch');
    expect(outcome(several, { ...stated, url: URL_SEEN }, { options: { publicUrl } })).toBe('accepted');
  });
});

describe('a header of named parts', () => {
  const [value = ''] = signedBy(paired).headers.get(NAME) ?? [];
  const [ts = '', h1 = ''] = value.split(';');
  const says = (text: string) => outcome(paired, withHeader(signedBy(paired), NAME, text));

  it.each([
    ['accepted', `${h1};${ts}`],
    ['accepted', `${ts};alg;h1-beta=x;h1.1=y;${h1};`],
    ['accepted', `${ts} ; ${h1}`],
    ['missing_timestamp', h1],
    ['missing_signature', `${ts};h2=x`],
    ['malformed_signature', `${ts};${h1.slice(3)}`],
    ['malformed_signature', `${ts},${h1}`.replace('ts=', '')],
    ['malformed_timestamp', `${ts};${ts};${h1}`],
    ['malformed_signature', 'garbage'],
  ])('is %s as %s', (expected, text) => {
    expect(says(text)).toBe(expected);
  });
});

describe('a header of groups', () => {
  const at = (seconds: number, seed: string): string =>
    signedBy(groups, { now: later(seconds), secrets: [groups.secretFrom(seed).signing] }).headers.get(NAME)?.[0] ?? '';
  const says = (text: string) => outcome(groups, withHeader(signedBy(groups), NAME, text));

  it('has a timestamp per group: each is signed with its own', () => {
    expect(says(`${at(-5, 'another')} ${at(10, 'seed')}`)).toBe('accepted');
    const [, mixed = ''] = at(10, 'seed').split(',');
    expect(says(`${at(-5, 'another')},${mixed}`)).toBe('signature_mismatch');
  });

  it('is refused if no group is in the window, and not spoilt by one that is not', () => {
    expect(says(`${at(-500, 'seed')} ${at(0, 'seed')}`)).toBe('accepted');
    expect(says(`${at(-500, 'seed')} ${at(0, 'another')}`)).toBe('signature_mismatch');
    expect(says(at(-500, 'seed'))).toBe('timestamp_out_of_window');
    expect(says(Array.from({ length: 11 }, (_, n) => at(n, 'seed')).join(' '))).toBe('malformed_signature');
  });
});

describe('numbered headers', () => {
  const headers = { 'x-acme-tenant': 'north' };
  it('are looked at one by one, and one that is right is enough', () => {
    const signed = signedBy(perKey, { headers });
    const [right = ''] = signed.headers.get(`${NAME}-1`) ?? [];
    const wrong = right.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    const second = withHeader(withHeader(signed, `${NAME}-1`, wrong), `${NAME}-2`, right);
    expect(outcome(perKey, second)).toBe('accepted');
    expect(outcome(perKey, withHeader(without(signed, `${NAME}-1`), `${NAME}-11`, right))).toBe('missing_signature');
  });

  it('are passed over if they cannot be read, as long as another one can', () => {
    const signed = signedBy(perKey, { headers });
    const [right = ''] = signed.headers.get(`${NAME}-1`) ?? [];
    for (const bad of [[''], ['x', 'x'], [right, right], ['A'.repeat(5_000)], ['not base64']]) {
      expect(outcome(perKey, withHeader(signed, `${NAME}-2`, ...bad))).toBe('accepted');
      const only = withHeader(without(signed, `${NAME}-1`), `${NAME}-2`, ...bad);
      expect(outcome(perKey, only)).toBe('malformed_signature');
    }
  });
});

describe('a header of tagged signatures', () => {
  const headers = { 'x-acme-id': 'msg_1' };
  const signed = signedBy(labelled, { headers });
  const [right = ''] = signed.headers.get(NAME) ?? [];
  const [wrong = ''] =
    signedBy(labelled, { headers, secrets: [labelled.secretFrom('another').signing] }).headers.get(NAME) ?? [];
  const lines = (...values: string[]) => outcome(labelled, withHeader(signed, NAME, ...values));

  it('is the list of all its lines, whoever joins them', () => {
    for (const values of [[wrong, right], [right, wrong], [`${wrong}, ${right}`], ['v1a,x', right]])
      expect(lines(...values)).toBe('accepted');
    expect(lines(right, right)).toBe('malformed_signature');
    expect(lines(wrong, 'v1a,x')).toBe('signature_mismatch');
  });

  it('is not spoilt by an element that cannot be read', () => {
    for (const bad of ['v1,', 'v1', 'v1,%%%', ',', 'garbage', 'v1,YQ=='])
      for (const value of [`${bad} ${right}`, `${right} ${bad}`]) expect(lines(value)).toBe('accepted');
  });
});

describe('an empty element of a header', () => {
  const [value = ''] = signedBy(paired).headers.get(NAME) ?? [];
  const [ts = '', h1 = ''] = value.split(';');
  const says = (...values: string[]) => outcome(paired, withHeader(signedBy(paired), NAME, ...values));

  it('is passed over, the timestamp too; but two times are none', () => {
    for (const text of [`${value};ts=`, `ts=;${value}`, `${value};h1=`, `h1=;ts=;${value};;`])
      expect(says(text)).toBe('accepted');
    expect(says(`ts=;${h1}`)).toBe('malformed_timestamp');
    for (const text of [`${value};ts=1`, `ts=1;${value}`, `ts=;${ts};ts=1;${h1}`, `${ts};ts=1;ts=;${h1}`])
      expect(says(text)).toBe('malformed_timestamp');
  });

  it('lines are joined as the list itself is', () => {
    expect(says(ts, h1)).toBe('accepted');
    const group = (seed: string) =>
      signedBy(groups, { secrets: [groups.secretFrom(seed).signing] }).headers.get(NAME)?.[0] ?? '';
    expect(outcome(groups, withHeader(signedBy(groups), NAME, group('another'), group('seed')))).toBe('accepted');
  });
});

describe('a description that makes no sense', () => {
  it('is refused by the types', () => {
    const signature = { header: NAME, encoding: 'hex' } as const;
    const base = { hash: 'sha256', key: 'utf8', signature } as const;
    const time = { header: 'x-acme-time', unit: 's', toleranceSeconds: 300 } as const;
    const timed = { ...signature, form: pairs({ timestamp: 't', signature: 'v1' }) } as const;
    expect([
      // @ts-expect-error A timestamp that opens a window and is not signed.
      () => hmac({ ...base, timestamp: time, signed: ['body'] }),
      // @ts-expect-error A timestamp that is signed and nowhere to be read.
      () => hmac({ ...base, signed: ['timestamp', 'body'] }),
      // @ts-expect-error The body signed twice.
      () => hmac({ ...base, signed: ['body', { text: '.' }, 'body'] }),
      // @ts-expect-error The body not signed.
      () => hmac({ ...base, timestamp: time, signed: ['timestamp'] }),
      // @ts-expect-error An id that is not signed.
      () => hmac({ ...base, id: { header: 'x-acme-id' }, signed: ['body'] }),
      // @ts-expect-error A timestamp both in a pair and in a header.
      () => hmac({ ...base, signature: timed, timestamp: time, signed: ['timestamp', 'body'] }),
      // @ts-expect-error A hash that is broken.
      () => hmac({ ...base, hash: 'md5', signed: ['body'] }),
    ]).toHaveLength(7);
  });
});
