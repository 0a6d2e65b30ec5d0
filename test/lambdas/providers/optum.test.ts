import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../lambdas/core/delivery.ts';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { sha256 } from '../../../lambdas/core/hash.ts';
import { optum } from '../../../lambdas/providers/optum/index.ts';
import { loadFixture } from './fixtures.ts';
import { delivery, later, NOW, signed, sourceOf, verified } from './deliveries.ts';

const NAME = 'x-optum-webhook-callback-hmac-signature';
const source = sourceOf(optum);
const event = (body: string, receivedAt = NOW) => identify(verified(delivery({}, body), receivedAt), source);

const envelope = {
  id: 'payment-1',
  source: '/payments',
  specVersion: '1.0',
  type: 'payment_loading_requested',
  dataContentType: 'application/json',
  data: {},
  time: NOW.toISOString(),
  causationId: 'cause-1',
};
const keyOf = (changes: object): string => event(JSON.stringify({ ...envelope, ...changes })).key;

describe('the signature of Optum', () => {
  it("is over the bytes received, which the document's Node sample makes anew", () => {
    const { body, secrets, headers } = loadFixture('optum/as-received');
    const serialised = JSON.stringify(JSON.parse(body.toString()));
    expect(createHmac('sha256', secrets.current).update(serialised).digest('hex')).not.toBe(headers[NAME]);
    expect(createHmac('sha256', secrets.current).update(body).digest('hex')).toBe(headers[NAME]);
  });
});

describe('the event key of Optum', () => {
  it('is type, id, cause and time together', () => {
    expect(keyOf({})).toBe('["payment_loading_requested","payment-1","cause-1","2026-03-01T09:30:00.000Z"]');
  });

  it('tells the events of one payment apart', () => {
    const keys = [
      keyOf({}),
      keyOf({ type: 'payment_loading_completed' }),
      keyOf({ id: 'payment-2' }),
      keyOf({ causationId: 'cause-2' }),
      keyOf({ time: '2026-03-01T09:30:00.001Z' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not depend on the rest of the body', () => {
    expect(keyOf({ data: { retry: 2 } })).toBe(keyOf({}));
  });

  it('cannot be made by moving text from one field to the next', () => {
    expect(keyOf({ type: 'a', id: 'b","c' })).not.toBe(keyOf({ type: 'a","b', id: 'c' }));
    expect(keyOf({ id: 'b,c', causationId: 'd' })).not.toBe(keyOf({ id: 'b', causationId: 'c,d' }));
  });

  it('is a hash where it is too long for the ledger, another for another event', () => {
    const long = 'x'.repeat(600);
    expect(keyOf({ id: long })).toMatch(/^sha256-of-key:[\da-f]{64}$/);
    expect(keyOf({ id: long })).not.toBe(keyOf({ id: `${long}x` }));
  });

  it.each(['id', 'causationId', 'time'] as const)('is the hash of the body where there is no %s', (field) => {
    const body = JSON.stringify({ ...envelope, [field]: undefined });
    expect(event(body)).toMatchObject({ key: `sha256:${sha256(body)}`, type: envelope.type });
    expect(event(body)).not.toHaveProperty('quarantine');
  });

  it.each([undefined, null, '', ' ', 7, ['t'], '\ud800'])('is none where the type is %j: quarantine', (type) => {
    const body = JSON.stringify({ ...envelope, type });
    expect(event(body)).toMatchObject({ quarantine: 'no_event_type', key: `sha256:${sha256(body)}`, type: 'unknown' });
  });
});

describe('an old event of Optum', () => {
  it('waits in quarantine: nothing else tells it from a replay', () => {
    const body = JSON.stringify(envelope);
    expect(event(body, later(365 * 86_400))).not.toHaveProperty('quarantine');
    expect(event(body, later(365 * 86_400 + 1)).quarantine).toBe('older_than_window');
  });
});

describe('the handshake of Optum', () => {
  const options = (headers: Record<string, string | string[]>): Answer | undefined =>
    optum.handshakes.echo(delivery(headers, '', { method: 'OPTIONS' }), { now: NOW, options: source.options });

  it.each(['events.optum.example', 'https://events.optum.example', 'localhost:8080'])(
    'allows the origin %s',
    (origin) => {
      expect(options({ 'webhook-request-origin': origin })).toEqual({
        status: 200,
        headers: { allow: 'POST, OPTIONS', 'webhook-allowed-origin': origin },
      });
    },
  );

  it.each(['120', '*'])('allows a rate of %s where one is asked', (rate) => {
    const answer = options({
      'webhook-request-origin': 'events.optum.example',
      'webhook-request-rate': rate,
      'webhook-request-callback': 'https://events.optum.example/confirm?id=1',
    });
    expect(answer?.status).toBe(200);
    expect(answer?.headers).toMatchObject({ 'webhook-allowed-rate': rate });
  });

  it.each([
    ['no origin', {}],
    ['an empty origin', { 'webhook-request-origin': '' }],
    ['two origins', { 'webhook-request-origin': ['a.example', 'a.example'] }],
    ['any origin', { 'webhook-request-origin': '*' }],
    ['a line break', { 'webhook-request-origin': 'a.example\r\nset-cookie: a=b' }],
    ['markup', { 'webhook-request-origin': '<script>' }],
    ['a path', { 'webhook-request-origin': 'https://a.example/path' }],
    ['no TLS', { 'webhook-request-origin': 'http://a.example' }],
    ['a long origin', { 'webhook-request-origin': 'a'.repeat(254) }],
    ['an empty rate', { 'webhook-request-origin': 'a.example', 'webhook-request-rate': '' }],
    ['no rate', { 'webhook-request-origin': 'a.example', 'webhook-request-rate': '0' }],
    ['a rate that is none', { 'webhook-request-origin': 'a.example', 'webhook-request-rate': '1e3' }],
    ['two rates', { 'webhook-request-origin': 'a.example', 'webhook-request-rate': ['1', '1'] }],
  ])('answers 400 to %s, and sends nothing of it back', (_what, headers) => {
    expect(options(headers)).toEqual({ status: 400, body: { error: 'malformed_request' } });
  });
});

describe('the challenge of Optum', () => {
  const post = (body: string, answerChallenge: boolean | undefined = true, headers = {}): Answer | undefined =>
    optum.handshakes.echo(delivery(headers, body), { now: NOW, options: { answerChallenge } });

  it.each(['challenge', 'validationToken'])('is sent back in %s, and nothing else', (field) => {
    const body = { [field]: 'a token: {"x"} ~' };
    expect(post(JSON.stringify(body))).toEqual({ status: 200, body });
  });

  it('is answered only where the options say so', () => {
    expect(optum.options.answerChallenge.default).toBe(false);
    expect(post('{"challenge":"c"}', false)).toBeUndefined();
    expect(optum.handshakes.echo(delivery({}, '{"challenge":"c"}'), { now: NOW, options: {} })).toBeUndefined();
  });

  it('is never answered where there is a signature, valid, forged or empty', () => {
    for (const value of ['', 'ab'.repeat(32)]) {
      expect(post('{"challenge":"c"}', true, { [NAME]: value })).toBeUndefined();
    }
    const { headers, ...rest } = signed(optum, '{"challenge":"c"}');
    expect(
      optum.handshakes.echo({ ...rest, headers }, { now: NOW, options: { answerChallenge: true } }),
    ).toBeUndefined();
  });

  it.each([
    '',
    'challenge',
    '{}',
    '[]',
    'null',
    '["challenge"]',
    '{"challenge":""}',
    '{"challenge":1}',
    '{"challenge":null}',
    '{"challenge":{"a":"b"}}',
    '{"challenge":"a\\nb"}',
    '{"challenge":"é"}',
    '{"challenge":"\\u0000"}',
    '{"Challenge":"c"}',
    '{"token":"c"}',
    '{"challenge":"c","type":"t"}',
    '{"challenge":"c","validationToken":"c"}',
    '{"__proto__":"c"}',
    `{"challenge":"${'c'.repeat(1025)}"}`,
    `{"challenge":"c"${' '.repeat(4096)}}`,
    JSON.stringify(envelope),
  ])('is not %s', (body) => {
    expect(post(body)).toBeUndefined();
  });
});
