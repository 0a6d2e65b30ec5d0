import { describe, expect, it } from '@jest/globals';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { dropboxSign } from '../../../lambdas/providers/dropbox-sign.ts';
import { mailgun } from '../../../lambdas/providers/mailgun.ts';
import type { JsonObject } from '../../../lambdas/core/json.ts';
import { answerTo } from './answer.ts';
import { delivery, later, refusal, sampled, secret, SECRET, signed, sourceOf, verified } from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

describe('Mailgun', () => {
  const valid = signed(mailgun, sampled(mailgun).body);
  const json = JSON.parse(valid.body.toString()) as { signature: JsonObject; 'event-data': JsonObject };
  const says = (change: JsonObject, now = later(0)) =>
    refusal(mailgun, delivery({}, JSON.stringify({ ...json, signature: { ...json.signature, ...change } })), { now });

  it('covers the time and the token, and nothing of the event', async () => {
    expect(says({})).toBe('accepted');
    expect(says({ token: 'x'.repeat(50) })).toBe('signature_mismatch');
    const forged = delivery({}, JSON.stringify({ ...json, 'event-data': { id: 'forged', event: 'opened' } }));
    const { events } = await answerTo(mailgun, forged);
    expect(events).toMatchObject([{ key: 'forged', coverage: 'fields' }]);
  });

  it('lets no digit move between the time and the token', () => {
    const { timestamp, token } = json.signature as { timestamp: string; token: string };
    expect(says({ timestamp: timestamp.slice(0, -1), token: timestamp.slice(-1) + token })).toBe('missing_signature');
    expect(says({ timestamp: timestamp + token.slice(0, 1), token: token.slice(1) })).toBe('missing_signature');
  });

  it('takes a time as a number too, and refuses what is not one', () => {
    expect(says({ timestamp: Number(json.signature.timestamp) })).toBe('accepted');
    for (const timestamp of [null, '', 'now', 1.5, {}]) expect(says({ timestamp })).toBe('malformed_timestamp');
    expect(says({}, later(9 * 3600 + 1))).toBe('timestamp_out_of_window');
    expect(says({}, later(8 * 3600))).toBe('accepted');
  });

  it("takes the primary account's signature for an event of a subaccount", () => {
    const own = json.signature.signature;
    expect(says({ signature: '0'.repeat(64), 'parent-signature': own })).toBe('accepted');
    expect(says({ signature: '0'.repeat(64), 'parent-signature': '1'.repeat(64) })).toBe('signature_mismatch');
    expect(says({ signature: 17 })).toBe('malformed_signature');
  });

  it('takes no other body for a delivery', () => {
    for (const body of ['', '[]', '{}', '{"signature":null}', '{"signature":{"token":1}}'])
      expect(refusal(mailgun, delivery({}, body))).toBe('missing_signature');
    const empty = signed(mailgun, sampled(mailgun).body, { secrets: [''] });
    expect(refusal(mailgun, empty, { secrets: [secret('')] })).toBe('signature_mismatch');
  });
});

describe('Dropbox Sign', () => {
  const { headers, body, now, secrets } = loadFixture('dropbox-sign/signature-request-sent');
  const accepted = { secrets: [secret(secrets.current)], now };
  const event = (of: Buffer) => identify(verified(delivery(headers, of)), sourceOf(dropboxSign));
  const changed = (from: string, to: string): Buffer => Buffer.from(body.toString().replaceAll(from, to));

  it('is answered with the text without which it tries again', async () => {
    const { answer, events } = await answerTo(dropboxSign, signed(dropboxSign, sampled(dropboxSign).body));
    expect(answer).toEqual({ status: 200, body: 'Hello API Event Received' });
    expect(events).toMatchObject([{ type: 'signature_request_sent', coverage: 'fields' }]);
  });

  it('has the field for its event, so that another boundary makes no other one', () => {
    const again = changed('8721c08f7e3a', 'another');
    expect(refusal(dropboxSign, delivery(headers, again), accepted)).toBe('accepted');
    expect(event(again)).toMatchObject({ key: event(body).key, bodyHash: event(body).bodyHash, keyKind: 'derived' });
    expect(JSON.parse(event(body).body.toString())).toHaveProperty('signature_request');
  });

  it('is another event if it is about something else, at another time or of another type', () => {
    const keys = [
      body,
      changed('fa5c8a0b', 'fa5c8a0c'),
      changed('1348177752', '1348177753'),
      changed('_sent', '_viewed'),
    ];
    expect(new Set(keys.map((of) => event(of).key)).size).toBe(4);
  });

  it('covers the time and the type alone', () => {
    for (const [from, to, expected] of [
      ['1348177752', '1348177753', 'signature_mismatch'],
      ['_sent', '_viewed', 'signature_mismatch'],
      ['fa5c8a0b', 'fa5c8a0c', 'accepted'],
    ] as const)
      expect(refusal(dropboxSign, delivery(headers, changed(from, to)), accepted)).toBe(expected);
  });

  it('lets no digit move between the time and the type', () => {
    const moved = changed('"event_type":"signature', '"event_type":"2signature');
    const shorter = Buffer.from(moved.toString().replace('"1348177752"', '"134817775"'));
    expect(refusal(dropboxSign, delivery(headers, shorter), accepted)).toBe('missing_signature');
  });

  it('takes nothing that is not its form', () => {
    for (const other of ['', '{}', 'json=%7B%7D', changed('name="json"', 'name="other"'), body.subarray(0, -8)])
      expect(refusal(dropboxSign, delivery(headers, other), accepted)).toBe('missing_signature');
    expect(refusal(dropboxSign, delivery(headers, body), { ...accepted, secrets: [secret(SECRET)] })).toBe(
      'signature_mismatch',
    );
  });
});
