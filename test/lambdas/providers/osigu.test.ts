import { describe, expect, it } from '@jest/globals';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { hmac } from '../../../lambdas/core/schemes/mac.ts';
import { osigu } from '../../../lambdas/providers/osigu/index.ts';
import { loadFixture } from './fixtures.ts';
import { delivery, NOW, refusal, SECRET, secret, signed, sourceOf, verified } from './deliveries.ts';

const NAME = 'x-osigu-signature';
const { body, now, headers, secrets } = loadFixture('osigu/one-signature');
const [t, v1] = /^t=(\d+),v1=([\da-f]+)$/.exec(headers[NAME] ?? '')?.slice(1) ?? [];
if (t === undefined || v1 === undefined) throw new Error('the fixture has no t and v1');
const other = 'ab'.repeat(32);

const outcome = (value: string): string =>
  refusal(osigu, delivery({ [NAME]: value }, body), { secrets: [secret(secrets.current)], now });

describe('the signature header of Osigu', () => {
  it.each([
    ['as the document has it', `t=${t},v1=${v1}`],
    ['the other way round', `v1=${v1},t=${t}`],
    ['blanks around the parts', ` t=${t} ,\tv1=${v1} `],
    ['upper-case digits', `t=${t},v1=${v1.toUpperCase()}`],
    ['schemes of others', `v0=x,t=${t},v2=a=b,v1=${v1},k=`],
    ['another signature before', `t=${t},v1=${other},v1=${v1}`],
    ['another signature after', `t=${t},v1=${v1},v1=${other}`],
    ['one beside it that is none', `t=${t},v1=,v1=xyz,v1=${v1}`],
    ['a scheme with a hyphen', `t=${t},v1=${v1},v1-beta=abc`],
    ['a scheme with a full stop', `v1.1=abc,t=${t},v1=${v1}`],
    ['a word without a value', `t=${t},alg,v1=${v1}`],
    ['a trailing comma', `t=${t},v1=${v1},`],
    ['commas and blanks all over', `,, t=${t} , ,v1=${v1} ,`],
    ['ten signatures', `t=${t}${`,v1=${other}`.repeat(9)},v1=${v1}`],
  ])('is accepted: %s', (_what, value) => {
    expect(outcome(value)).toBe('accepted');
  });

  it.each([
    ['missing_timestamp', `v1=${v1}`],
    ['missing_timestamp', `T=${t},v1=${v1}`],
    ['missing_timestamp', 'v0=x'],
    ['missing_signature', `t=${t}`],
    ['missing_signature', `t=${t},v0=${v1}`],
    ['missing_signature', `t=${t},V1=${v1}`],
    ['malformed_signature', `t=${t},v1=`],
    ['malformed_signature', `t=${t},v1=${v1.slice(2)}`],
    ['malformed_signature', `t=${t},v1=${v1}00`],
    ['malformed_signature', `t=${t},v1= ${v1}`],
    ['malformed_signature', `t=${t},${v1}`],
    ['malformed_signature', `t=${t};v1=${v1}`.replace('t=', '')],
    ['malformed_signature', `t=${t}${`,v1=${v1}`.repeat(11)}`],
    ['malformed_timestamp', `t=${t},t=${t},v1=${v1}`],
    ['malformed_timestamp', `t=${t},v1=${v1},t=0`],
    ['timestamp_out_of_window', `t=${Number(t) - 300},v1=${v1}`],
    ['signature_mismatch', `t=${Number(t) - 1},v1=${v1}`],
    ['signature_mismatch', `t=${t},v1=${other}`],
    // The signed text is `t` as received.
    ['signature_mismatch', `t=0${t},v1=${v1}`],
  ])('is refused as %s: %s', (reason, value) => {
    expect(outcome(value)).toBe(reason);
  });

  it.each([
    '',
    ' ',
    '0x69a4',
    '1e9',
    '-1',
    '+1772357402',
    '1772357402.0',
    '17 72',
    '1772357402s',
    'NaN',
    '1'.repeat(13),
    '١٧',
  ])('with the timestamp %j is malformed', (text) => {
    expect(outcome(`t=${text},v1=${v1}`)).toBe('malformed_timestamp');
  });
});

describe('the timestamp of Osigu', () => {
  /** Signed with this very text, so that only the text can be what is wrong. */
  const signedAt = (text: string): string => {
    const signature = hmac('sha256', SECRET, `${text}.`, body).toString('hex');
    return refusal(osigu, delivery({ [NAME]: `t=${text},v1=${signature}` }, body), { now: NOW });
  };
  const seconds = NOW.getTime() / 1000;

  it.each([0, -300, 300])('may be %d s off', (off) => {
    expect(signedAt(String(seconds + off))).toBe('accepted');
  });

  it.each([-301, 301, -3600, 1e9])('is out of the window %d s off', (off) => {
    expect(signedAt(String(seconds + off))).toBe('timestamp_out_of_window');
  });

  it('is signed as the text that was received, leading zeros and all', () => {
    expect(signedAt(`00${seconds}`)).toBe('accepted');
  });
});

describe('the header of Osigu as two lines', () => {
  const lines = (...values: string[]): string =>
    refusal(osigu, delivery({ [NAME]: values }, body), { secrets: [secret(secrets.current)], now });

  it('is the list of both, as HTTP has it', () => {
    expect(lines(`t=${t}`, `v1=${v1}`)).toBe('accepted');
    expect(lines(`v1=${v1}`, `t=${t}`, `v1=${other}`)).toBe('accepted');
  });

  it('is malformed if a line is empty, or comes twice', () => {
    expect(lines(`t=${t},v1=${v1}`, '')).toBe('malformed_signature');
    expect(lines(`t=${t},v1=${v1}`, `t=${t},v1=${v1}`)).toBe('malformed_signature');
    expect(lines(`t=${t},v1=${v1}`, `t=${Number(t) - 1}`)).toBe('malformed_timestamp');
  });
});

describe('two live secrets of Osigu', () => {
  it('sign one delivery, and each is enough', () => {
    const of = signed(osigu, body, { secrets: ['new', 'old'] });
    expect(of.headers.get(NAME)?.[0]?.match(/v1=/g)).toHaveLength(2);
    for (const value of ['new', 'old']) expect(refusal(osigu, of, { secrets: [secret(value)] })).toBe('accepted');
  });
});

describe('the environment of an event of Osigu', () => {
  const quarantineOf = (environment: unknown, options = {}): string | undefined =>
    identify(
      verified(delivery({}, JSON.stringify({ event_id: 'evt_1', event_type: 't', environment }))),
      sourceOf(osigu, options),
    ).quarantine;

  it.each([
    ['production', {}, undefined],
    ['production', { environment: undefined }, undefined],
    ['production', { environment: 'production' }, undefined],
    ['sandbox', { environment: 'sandbox' }, undefined],
    [undefined, {}, undefined],
    ['sandbox', {}, 'wrong_environment'],
    ['production', { environment: 'sandbox' }, 'wrong_environment'],
    ['Production', {}, 'wrong_environment'],
    ['', {}, 'wrong_environment'],
    [null, {}, 'wrong_environment'],
    [null, { environment: 'sandbox' }, 'wrong_environment'],
    [false, {}, 'wrong_environment'],
    [['production'], {}, 'wrong_environment'],
  ])('%j, where the options are %j: %s', (environment, options, expected) => {
    expect(quarantineOf(environment, options)).toBe(expected);
  });

  it('keeps its key, so that the ledger knows it', () => {
    const sandbox = delivery({}, JSON.stringify({ event_id: 'evt_1', event_type: 't', environment: 'sandbox' }));
    expect(identify(verified(sandbox), sourceOf(osigu))).toMatchObject({ key: 'evt_1', type: 't' });
  });

  it.each(['sandbox', 'production'])('is %s in a sample for such a source', (environment) => {
    const options = { environment };
    const sample = osigu.sample({ id: '1', now: NOW, options });
    expect(identify(verified(delivery({}, sample)), sourceOf(osigu, options))).not.toHaveProperty('quarantine');
  });
});

describe('an old event of Osigu', () => {
  it('is processed, for its delivery was signed a moment ago', () => {
    const old = JSON.stringify({ event_id: 'evt_1', event_type: 't', created_at: '2020-01-01T00:00:00Z' });
    const event = identify(verified(signed(osigu, old)), sourceOf(osigu));
    expect(event.time).toBe('2020-01-01T00:00:00.000Z');
    expect(event).not.toHaveProperty('quarantine');
  });
});
