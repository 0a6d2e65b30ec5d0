import { describe, expect, it } from '@jest/globals';
import { hmac } from '../../../lambdas/core/schemes/mac.ts';
import { nabla } from '../../../lambdas/providers/nabla.ts';
import { loadFixture } from './fixtures.ts';
import { delivery, later, NOW, refusal, SECRET, secret } from './deliveries.ts';

const SIGNATURE = 'x-nabla-webhook-signature';
const TIMESTAMP = 'x-nabla-webhook-timestamp';
const { body, now, headers, secrets } = loadFixture('nabla/two-signatures');
const [ofCurrent, ofPrevious] = (headers[SIGNATURE] ?? '').split(',');
if (ofCurrent === undefined || ofPrevious === undefined) throw new Error('the fixture has no two signatures');

const outcome = (signatures: string, value = secrets.current): string =>
  refusal(nabla, delivery({ ...headers, [SIGNATURE]: signatures }, body), { secrets: [secret(value)], now });

describe('the signatures of Nabla', () => {
  it.each([
    ['both', `${ofCurrent},${ofPrevious}`],
    ['the other way round', `${ofPrevious},${ofCurrent}`],
    ['blanks around the commas', ` ${ofPrevious} ,\t ${ofCurrent} `],
    ['the current alone', ofCurrent],
    ['upper-case digits', ofCurrent.toUpperCase()],
    ['one beside it that is none', `${ofCurrent},,xyz`],
    ['ten', `${`${ofPrevious},`.repeat(9)}${ofCurrent}`],
  ])('are accepted with the current secret: %s', (_what, value) => {
    expect(outcome(value)).toBe('accepted');
  });

  it('are accepted with the previous secret as long as Nabla signs with it', () => {
    expect(outcome(`${ofCurrent},${ofPrevious}`, secrets.previous)).toBe('accepted');
    expect(outcome(ofCurrent, secrets.previous)).toBe('signature_mismatch');
  });

  it.each([
    ['malformed_signature', `${`${ofCurrent},`.repeat(10)}${ofCurrent}`],
    ['malformed_signature', `${ofCurrent.slice(0, 32)},${ofCurrent.slice(32)}`],
    ['malformed_signature', `${ofCurrent};${ofPrevious}`],
    ['malformed_signature', `${ofCurrent} ${ofPrevious}`],
    ['signature_mismatch', `${'0'.repeat(64)},${ofPrevious}`],
  ])('are refused as %s: %s', (reason, value) => {
    expect(outcome(value)).toBe(reason);
  });
});

describe('the signatures of Nabla as several lines', () => {
  const lines = (...values: string[]): string =>
    refusal(nabla, delivery({ ...headers, [SIGNATURE]: values }, body), { secrets: [secret(secrets.current)], now });

  it('are one list, as HTTP has it', () => {
    expect(lines(ofPrevious, ofCurrent)).toBe('accepted');
    expect(lines(ofCurrent, ofPrevious)).toBe('accepted');
  });

  it('are malformed if a line is empty, or comes twice', () => {
    expect(lines(ofCurrent, '')).toBe('malformed_signature');
    expect(lines(ofCurrent, ofCurrent)).toBe('malformed_signature');
  });
});

describe('the timestamp of Nabla', () => {
  /** Signed with this very text, so that only the text can be what is wrong. */
  const signedAt = (timestamp: string): string => {
    const signature = hmac('sha256', SECRET, timestamp, body).toString('hex');
    return refusal(nabla, delivery({ [SIGNATURE]: signature, [TIMESTAMP]: timestamp }, body), { now: NOW });
  };

  it.each([
    '2026-03-01T09:30:00.000Z',
    '2026-03-01T09:30:00Z',
    '2026-03-01T09:29:00.000Z',
    '2026-03-01T09:31:00.000Z',
    '2026-03-01T10:30:00.5+01:00',
    '2026-02-28T23:30:00.123456789-10:00',
  ])('may be %s', (timestamp) => {
    expect(signedAt(timestamp)).toBe('accepted');
  });

  it.each(['2026-03-01T09:28:59.999Z', '2026-03-01T09:31:00.001Z', '2026-03-01T10:30:00Z', '1970-01-01T00:00:00Z'])(
    'is out of the window at %s',
    (timestamp) => {
      expect(signedAt(timestamp)).toBe('timestamp_out_of_window');
    },
  );

  it.each([
    '2026-03-01T09:30:00.000',
    '2026-03-01 09:30:00Z',
    '2026-03-01',
    '2026-03-01T09:30Z',
    '1772357400',
    'Sun, 01 Mar 2026 09:30:00 GMT',
    '2026-02-29T09:30:00Z',
    '2026-03-01T24:00:00Z',
    ' 2026-03-01T09:30:00.000Z',
    '2026-03-01T09:30:00.000Z,2026-03-01T09:30:00.000Z',
    'NaN',
  ])('is malformed as %j', (timestamp) => {
    expect(signedAt(timestamp)).toBe('malformed_timestamp');
  });

  it('is signed as the text that was received, not as the time that it stands for', () => {
    const of = (timestamp: string) => delivery({ ...headers, [TIMESTAMP]: timestamp }, body);
    const accepted = { secrets: [secret(secrets.current)], now };
    expect(refusal(nabla, of('2024-07-15T12:47:34.730Z'), accepted)).toBe('accepted');
    expect(refusal(nabla, of('2024-07-15T12:47:34.7300Z'), accepted)).toBe('signature_mismatch');
    expect(refusal(nabla, of('2024-07-15T14:47:34.730+02:00'), accepted)).toBe('signature_mismatch');
  });

  it('cannot trade digits with the body, though nothing stands between them', () => {
    const shifted = delivery(
      { ...headers, [TIMESTAMP]: (headers[TIMESTAMP] ?? '').slice(0, -1) },
      Buffer.concat([Buffer.from('Z'), body]),
    );
    expect(refusal(nabla, shifted, { secrets: [secret(secrets.current)], now })).toBe('malformed_timestamp');
  });

  it('is looked at after the signature, whose absence comes first', () => {
    expect(refusal(nabla, delivery({}, body), { now: later(0) })).toBe('missing_signature');
    expect(refusal(nabla, delivery({ [SIGNATURE]: ofCurrent }, body))).toBe('missing_timestamp');
  });
});
