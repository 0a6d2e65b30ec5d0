import { describe, expect, it } from '@jest/globals';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { nvsep } from '../../../lambdas/providers/nvsep/index.ts';
import { loadFixture } from './fixtures.ts';
import { delivery, later, NOW, refusal, secret, signed, sourceOf, verified } from './deliveries.ts';

const NAME = 'x-nvsep-hmac-sha256';
const inBase64 = loadFixture('nvsep/base64');
const inHex = loadFixture('nvsep/hex');
const base64 = inBase64.headers[NAME] ?? '';
const hex = inHex.headers[NAME] ?? '';

const outcome = (headers: Record<string, string>): string =>
  refusal(nvsep, delivery(headers, inBase64.body), { secrets: [secret(inBase64.secrets.current)] });

describe('the signature of NVSEP', () => {
  it('is base64 in the document, hex on another page of theirs: either, for the same MAC', () => {
    expect(Buffer.from(base64, 'base64')).toEqual(Buffer.from(hex, 'hex'));
    for (const value of [base64, hex, hex.toUpperCase()]) expect(outcome({ [NAME]: value })).toBe('accepted');
  });

  it.each([
    ['base64 without its padding', base64.slice(0, -1)],
    ['base64 with more padding', `${base64}=`],
    ['base64 whose unused bits are set', base64.replace(/.=$/, (end) => `${nextLetter(end.charAt(0))}=`)],
    ['URL-safe base64', Buffer.alloc(32, 0xff).toString('base64url') + '='],
    ['base64 in lower case', base64.toLowerCase().slice(0, 43)],
    ['base64 broken by a blank', `${base64.slice(0, 10)} ${base64.slice(10)}`],
    ['hex with a prefix', `0x${hex}`],
    ['hex by halves', hex.slice(0, 62)],
    ['hex of more', `${hex}00`],
    ['both', `${base64},${hex}`],
    ['the base64 of the hex', Buffer.from(hex).toString('base64')],
  ])('is malformed as %s', (_what, value) => {
    expect(outcome({ [NAME]: value })).toBe('malformed_signature');
  });

  it('is not looked for under the name that the document misspells', () => {
    expect(outcome({ 'x-nvsep-hmac-256': base64 })).toBe('missing_signature');
  });
});

describe('an event of NVSEP', () => {
  const source = sourceOf(nvsep);
  const created = (time: unknown) =>
    identify(
      verified(signed(nvsep, JSON.stringify({ id: 'e', type: 't', createdAt: time, data: { id: 'x' } }))),
      source,
    );

  it('is named by its own id, not by that of the exclusion, and carries its time', () => {
    expect(identify(verified(delivery({}, inBase64.body), inBase64.now), source)).toMatchObject({
      key: '20c6d434-9f90-48e4-a246-993ffab00477',
      type: 'cfs_exclusions.created',
      time: '2023-01-01T12:00:01.000Z',
    });
  });

  it('older than the window waits in quarantine: nothing else tells it from a replay', () => {
    const edge = later(-365 * 86_400);
    expect(created(edge.toISOString())).not.toHaveProperty('quarantine');
    expect(created(new Date(edge.getTime() - 1).toISOString()).quarantine).toBe('older_than_window');
    expect(created(later(1e6).toISOString())).not.toHaveProperty('quarantine');
  });

  it.each(['yesterday', 1772357400, null, undefined, '2026-03-01T09:30:00'])('of the time %j has none', (time) => {
    expect(created(time)).not.toHaveProperty('time');
    expect(created(time)).not.toHaveProperty('quarantine');
  });

  it('has an integer for an id as its digits', () => {
    const of = delivery({}, '{"id":17,"type":"t"}');
    expect(identify(verified(of, NOW), source).key).toBe('17');
  });
});

/** The next letter of the base64 alphabet. After the last letter of 32 bytes, whose lowest two bits are unused, it sets one. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet.charAt((alphabet.indexOf(letter) + 1) % 64);
}
