import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { onfido } from '../../../lambdas/providers/onfido.ts';
import { persona } from '../../../lambdas/providers/persona.ts';
import { sumsub } from '../../../lambdas/providers/sumsub.ts';
import { veriff } from '../../../lambdas/providers/veriff.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { delivery, headerOf, refusal, SECRET, secret, signed, sourceOf, verified, withHeader } from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

const event = (provider: Provider, body: string) => identify(verified(signed(provider, body)), sourceOf(provider));

describe('Persona', () => {
  const fixture = loadFixture('persona/rotated');
  const header = fixture.headers['persona-signature'] ?? '';
  const [newer = '', older = ''] = header.split(' ');
  const { current, previous = '' } = fixture.secrets;
  const says = (text: string, ...secrets: string[]) =>
    refusal(persona, delivery({ 'persona-signature': text }, fixture.body), {
      secrets: secrets.map((value) => secret(value)),
    });

  it('checks each set with the time of its own', () => {
    expect([newer, older].map((set) => set.split(',')[0])).toEqual(['t=1772357402', 't=1772357403']);
    expect(says(header, previous)).toBe('accepted');
    expect(says(header, current)).toBe('accepted');
    const crossed = header
      .replace('1772357402', '0')
      .replace('1772357403', '1772357402')
      .replace('t=0', 't=1772357403');
    expect(says(crossed, current, previous)).toBe('signature_mismatch');
  });

  it('does not let a set that is broken spoil the one beside it', () => {
    expect(says(`t=,v1=abc ${older}`, previous)).toBe('accepted');
    expect(says(`${newer} nonsense`, current)).toBe('accepted');
    expect(says('nonsense', current)).toBe('malformed_signature');
  });

  it('takes for an event what JSON:API says is one', () => {
    expect(event(persona, '{"data":{"type":"inquiry","id":"inq_1"}}').quarantine).toBe('no_event_id');
    expect(event(persona, fixture.body.toString())).toMatchObject({
      key: 'evt_XGuYWp7WuDzNxie5z16s7sGJ',
      type: 'inquiry.approved',
      time: '2026-03-01T09:29:58.000Z',
    });
  });
});

describe('Onfido', () => {
  it('has a time, and no id: the body is the event', () => {
    const body = (time: string) => `{"payload":{"action":"check.completed","object":{"id":"1",${time}}}}`;
    const completed = event(onfido, body('"completed_at_iso8601":"2026-03-01T09:29:58Z"'));
    expect(completed).toMatchObject({
      type: 'check.completed',
      keyKind: 'body-hash',
      time: '2026-03-01T09:29:58.000Z',
    });
    const started = event(onfido, body('"started_at_iso8601":"2026-03-01T09:29:57Z"'));
    expect(started.time).toBe('2026-03-01T09:29:57.000Z');
    expect(started.key).not.toBe(completed.key);
    expect(event(onfido, '{"id":"1"}').quarantine).toBe('no_event_type');
  });
});

describe('Veriff', () => {
  const body = '{"id":"s","action":"submitted"}';

  it('takes hex of either case, and what it is in both is one', () => {
    const valid = signed(veriff, body);
    const text = headerOf(valid, 'x-hmac-signature');
    expect(refusal(veriff, withHeader(valid, 'x-hmac-signature', [text.toUpperCase()]))).toBe('accepted');
  });

  it('takes no plain hash of body and secret, in neither header', () => {
    const legacy = createHash('sha256').update(body).update(SECRET).digest('hex');
    expect(refusal(veriff, delivery({ 'x-signature': legacy }, body))).toBe('missing_signature');
    expect(refusal(veriff, delivery({ 'x-hmac-signature': legacy }, body))).toBe('signature_mismatch');
  });

  it('has one type for what happened, and another for what was decided', () => {
    expect(event(veriff, body).type).toBe('submitted');
    expect(event(veriff, '{"verification":{"id":"s","status":"declined"}}').type).toBe('decision.declined');
    expect(event(veriff, '{"sessionId":"s"}')).toMatchObject({ quarantine: 'no_event_type' });
  });

  it('has a type for what the watchlists say, and one for the data of a fully automatic session', () => {
    const checkedAt = '2026-03-01T09:29:58.002Z';
    for (const [fields, type] of [
      [
        { checkType: 'updated_result', sessionId: 's', matchStatus: 'possible_match', checkedAt },
        'watchlist.updated_result',
      ],
      [{ eventType: 'fullauto', status: 'success', sessionId: 's', time: checkedAt }, 'fullauto'],
    ] as const) {
      const read = event(veriff, JSON.stringify(fields));
      expect(read).toMatchObject({ type, time: checkedAt });
      expect(read).not.toHaveProperty('quarantine');
    }
  });
});

describe('Sumsub', () => {
  const body = '{"type":"applicantReviewed","createdAtMs":"2026-03-01 09:29:58.002"}';

  it('takes the hash that the source states, and none that a header names', () => {
    const valid = withHeader(signed(sumsub, body), 'x-payload-digest-alg', ['HMAC_SHA512_HEX']);
    expect(refusal(sumsub, valid)).toBe('accepted');
    expect(refusal(sumsub, valid, { options: { hash: 'sha512' } })).toBe('malformed_signature');
    const { headers } = sumsub.scheme({ hash: 'sha512' }).sign({
      ...{ url: '', body: Buffer.from(body), secrets: [SECRET], now: new Date(0) },
    });
    expect(headers['x-payload-digest']).toMatch(/^[\da-f]{128}$/);
    expect(refusal(sumsub, delivery(headers, body), { options: { hash: 'sha512' } })).toBe('accepted');
    expect(refusal(sumsub, delivery(headers, body))).toBe('malformed_signature');
  });

  it('has its time without a zone, in UTC', () => {
    expect(event(sumsub, body)).toMatchObject({ time: '2026-03-01T09:29:58.002Z', keyKind: 'body-hash' });
    expect(event(sumsub, '{"type":"t","createdAtMs":"yesterday"}').time).toBeUndefined();
    expect(event(sumsub, '{}').quarantine).toBe('no_event_type');
  });
});
