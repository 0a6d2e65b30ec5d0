import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { evidenceHeaders } from '../../../lambdas/core/schemes/scheme.ts';
import { okta } from '../../../lambdas/providers/okta/index.ts';
import { pubsub } from '../../../lambdas/providers/pubsub.ts';
import { telnyx } from '../../../lambdas/providers/telnyx/index.ts';
import { workos } from '../../../lambdas/providers/workos.ts';
import { answerTo } from './answer.ts';
import {
  delivery,
  headerOf,
  later,
  refusal,
  sampled,
  secret,
  signed,
  sourceOf,
  verified,
  withHeader,
} from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

describe('Okta', () => {
  const ask = (value: string, method = 'GET') =>
    answerTo(okta, delivery({ 'x-okta-verification-challenge': value }, '', { method }));

  it('has its one-time question answered by GET, without a secret', async () => {
    const { answer, events } = await ask('aVerification-Value_1.2~3');
    expect(answer).toEqual({ status: 200, body: { verification: 'aVerification-Value_1.2~3' } });
    expect(events).toEqual([]);
  });

  it.each(['', '<script>', 'a b', 'x'.repeat(501)])('does not send back %j', async (value) => {
    expect((await ask(value)).answer.status).toBe(400);
  });

  it('answers no question by POST, and no GET that asks nothing', async () => {
    expect((await ask('abc', 'POST')).answer).toEqual({ status: 401, body: { error: 'missing_signature' } });
    expect((await answerTo(okta, delivery({}, '', { method: 'GET' }))).answer.status).toBe(405);
  });

  it('has events answered with nothing, and says that only the caller is proved', async () => {
    const { answer, events } = await answerTo(okta, signed(okta, sampled(okta).body));
    expect(answer).toEqual({ status: 204 });
    expect(events).toMatchObject([{ key: 'contract-1', coverage: 'caller', type: 'user.lifecycle.create' }]);
  });

  it('keeps no token, and takes no other body for a forgery: nothing of it is proved', () => {
    expect(evidenceHeaders(okta.scheme)).toEqual([]);
    const valid = signed(okta, sampled(okta).body);
    expect(refusal(okta, { ...valid, body: Buffer.from('{}') })).toBe('accepted');
    const token = headerOf(valid, 'authorization');
    expect(refusal(okta, withHeader(valid, 'authorization', [`Bearer ${token}`]))).toBe('signature_mismatch');
  });
});

describe('Telnyx', () => {
  it('signs the timestamp, a bar and the body', () => {
    const valid = signed(telnyx, '5{}');
    const time = headerOf(valid, 'telnyx-timestamp');
    // A digit that moves from the body to the timestamp makes other bytes, because of the bar.
    const moved = withHeader(valid, 'telnyx-timestamp', [`${time}5`]);
    expect(refusal(telnyx, { ...moved, body: Buffer.from('{}') }, { now: new Date(Number(`${time}5`) * 1000) })).toBe(
      'signature_mismatch',
    );
  });

  it('takes padded base64 alone', () => {
    const valid = signed(telnyx, '{}');
    const text = headerOf(valid, 'telnyx-signature-ed25519');
    for (const other of [text.replaceAll('=', ''), ` ${text}`, text.replace(/^./, '*')])
      expect(refusal(telnyx, withHeader(valid, 'telnyx-signature-ed25519', [other]))).toBe('malformed_signature');
  });

  it('takes for an event what says that it is one', () => {
    const event = (body: string) => identify(verified(signed(telnyx, body)), sourceOf(telnyx));
    expect(event('{"data":{"id":"1","record_type":"message"}}').quarantine).toBe('no_event_id');
    expect(event('{"data":{"id":"1","record_type":"event","event_type":"call.hangup"}}').type).toBe('call.hangup');
  });
});

describe('WorkOS', () => {
  const valid = signed(workos, '{}');
  const text = headerOf(valid, 'workos-signature');
  const says = (value: string, now = later(0)) =>
    refusal(workos, withHeader(valid, 'workos-signature', [value]), { now });

  it('has its time in milliseconds: seconds are long ago', () => {
    expect(says(text.replace(/t=(\d{10})\d{3}/, 't=$1'))).toBe('timestamp_out_of_window');
    expect(says(text, later(180))).toBe('accepted');
    expect(says(text, later(180.001))).toBe('timestamp_out_of_window');
  });

  it('may have blanks after the comma, and its parts in another order', () => {
    expect(says(text.replace(',', ', '))).toBe('accepted');
    expect(says(text.split(',').reverse().join(', '))).toBe('accepted');
  });
});

describe('Pub/Sub', () => {
  const { headers, body, now, secrets, publicKey = '' } = loadFixture('pubsub/finalize');
  const context = { secrets: [secret(secrets.current)], now, key: createPublicKey(publicKey) };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const own = { ...context, key: createPublicKey(privateKey) };
  const [, claimsOfFixture = ''] = (headers.authorization ?? '').split('.');
  const claims = JSON.parse(Buffer.from(claimsOfFixture, 'base64url').toString()) as Record<string, unknown>;
  /** The verdict on a token of these claims, signed as Google signs. */
  const says = (change: Record<string, unknown>, head: object = { alg: 'RS256', kid: 'k' }): string => {
    const text = [head, { ...claims, ...change }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const token = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    return refusal(pubsub, delivery({ authorization: `Bearer ${token}` }, body), own);
  };

  it('takes a token of its service account for its audience, and of no other', () => {
    expect(says({})).toBe('accepted');
    expect(says({ email: 'push@another-project.iam.gserviceaccount.com' })).toBe('signature_mismatch');
    expect(says({ email: undefined })).toBe('signature_mismatch');
    expect(says({ email_verified: false })).toBe('signature_mismatch');
    expect(says({ email_verified: 'true' })).toBe('signature_mismatch');
    expect(says({ aud: 'https://elsewhere.example.com' })).toBe('signature_mismatch');
    expect(says({ iss: 'https://accounts.example.com' })).toBe('signature_mismatch');
    const { serviceAccount, audience } = JSON.parse(secrets.current) as Record<string, string>;
    for (const parts of [{ serviceAccount }, { audience }, { serviceAccount, audience: '' }, {}])
      expect(refusal(pubsub, delivery(headers, body), { ...context, secrets: [secret(JSON.stringify(parts))] })).toBe(
        'signature_mismatch',
      );
  });

  it('takes no token that is over, or by another algorithm', () => {
    const at = (seconds: number) => Number(claims.iat) + seconds;
    expect(says({ exp: at(0) })).toBe('timestamp_out_of_window');
    expect(says({ iat: at(-3600) })).toBe('timestamp_out_of_window');
    expect(says({ iat: undefined })).toBe('missing_timestamp');
    for (const alg of ['none', 'HS256', 'RS512']) expect(says({}, { alg, kid: 'k' })).toBe('malformed_signature');
  });

  it('has a message as its event, of the type that an attribute names', () => {
    const event = (text: string, options = {}) =>
      identify(verified(delivery(headers, text)), sourceOf(pubsub, options));
    expect(event(body.toString())).toMatchObject({
      key: '2070443601311540',
      type: 'OBJECT_FINALIZE',
      coverage: 'caller',
    });
    expect(event(body.toString(), { typeAttribute: 'bucketId' }).type).toBe('a-bucket');
    expect(event('{"message":{"messageId":"1"}}')).toMatchObject({ key: '1', type: 'message' });
    expect(event('{"unwrapped":"payload"}').quarantine).toBe('no_event_id');
  });
});
