import { describe, expect, it } from '@jest/globals';
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { elation } from '../../../lambdas/providers/elation/index.ts';
import { healthie } from '../../../lambdas/providers/healthie.ts';
import { metriport } from '../../../lambdas/providers/metriport/index.ts';
import { particleHealth } from '../../../lambdas/providers/particle-health.ts';
import { answerTo, answerToSigned } from './answer.ts';
import {
  delivery,
  headerOf,
  refusal,
  SECRET,
  secret,
  secretsOf,
  signed,
  sourceOf,
  verified,
  withHeader,
} from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

describe('Elation Health', () => {
  const fixture = loadFixture('elation/saved');
  const received = delivery(fixture.headers, fixture.body);
  const secrets = [secret(fixture.secrets.current)];

  it('verifies the bytes as they came, and not the JSON in them', () => {
    expect(refusal(elation, received, { secrets })).toBe('accepted');
    const again = JSON.stringify(JSON.parse(fixture.body.toString()));
    expect(refusal(elation, delivery(fixture.headers, again), { secrets })).toBe('signature_mismatch');
  });

  it('signs as Node verifies, with a key in a PEM of its own', () => {
    const body = '{"event_id": 1}';
    const spki = `MCowBQYDK2VwAyEA${secretsOf(elation).stored}`;
    const key = createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`);
    const signature = headerOf(signed(elation, body), 'el8-ed25519-signature');
    expect(verify(null, Buffer.from(body), key, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('has a number for an id, and a type of two fields', () => {
    expect(identify(verified(received), sourceOf(elation))).toMatchObject({
      key: '6',
      keyKind: 'number',
      type: 'patients.saved',
    });
    const partial = signed(elation, '{"event_id":7,"resource":"patients"}');
    expect(identify(verified(partial), sourceOf(elation)).type).toBe('patients');
  });

  it.each(['', 'not base64!', Buffer.alloc(31, 7).toString('base64'), 'ab'.repeat(32)])(
    'takes no key that is written otherwise: %j',
    (text) => {
      expect(refusal(elation, received, { secrets: [secret(text)] })).toBe('signature_mismatch');
    },
  );
});

describe('Metriport', () => {
  const ping = '{"ping":"abc-123_X","meta":{"type":"ping"}}';

  it('has its signed ping sent back, which is no event', async () => {
    const { answer, events } = await answerToSigned(metriport, ping);
    expect(answer).toEqual({ status: 200, body: { pong: 'abc-123_X' } });
    expect(events).toEqual([]);
  });

  it('has no ping answered that is not signed', async () => {
    const { answer } = await answerTo(metriport, delivery({}, ping));
    expect(answer).toEqual({ status: 401, body: { error: 'missing_signature' } });
  });

  it.each(['"<script>"', '"a b"', '""', '17', `"${'x'.repeat(101)}"`])('has the ping %s refused', async (text) => {
    const { answer, events } = await answerToSigned(metriport, `{"ping":${text},"meta":{"type":"ping"}}`);
    expect(answer.status).toBe(400);
    expect(events).toEqual([]);
  });

  it('has a payload that says ping accepted, if its type is another', async () => {
    const { events } = await answerToSigned(metriport, '{"ping":"a","meta":{"messageId":"1","type":"medical.x"}}');
    expect(events).toMatchObject([{ key: '1', type: 'medical.x' }]);
  });
});

describe('Particle Health', () => {
  const valid = signed(particleHealth, '{"id":"1","type":"t"}');
  const header = headerOf(valid, 'x-ph-signature-256');
  const says = (text: string) => refusal(particleHealth, withHeader(valid, 'x-ph-signature-256', [text]));

  it('has a signature without a name', () => {
    expect(header).toMatch(/^t=\d{10},[\da-f]{64}$/);
    expect(says(header.replace(',', ',v1='))).toBe('missing_signature');
    expect(says(header.replace('t=', 't=1'))).toBe('signature_mismatch');
    expect(says(header.slice(header.indexOf(',') + 1))).toBe('malformed_signature');
  });

  it('takes several signatures, and other parts for others', () => {
    const [time = '', mac = ''] = header.split(',');
    expect(says(`${time},${'0'.repeat(64)},${mac}`)).toBe('accepted');
    expect(says(`${time},v2=abc,${mac}`)).toBe('accepted');
  });
});

describe('Healthie', () => {
  const body = '{"event_type":"patient.updated","resource_id":"é"}';
  const valid = signed(healthie, body);
  const says = (name: string, text: string) => refusal(healthie, withHeader(valid, name, [text]));
  const digest = (encoding: 'hex' | 'base64') => createHash('sha256').update(body).digest(encoding);

  /** A signature as one reading of the page makes it. */
  function read(digestText: string, signedDigest: string, length: number) {
    const text = `post /webhooks/source  ${signedDigest} application/json ${length}`;
    const mac = createHmac('sha256', SECRET).update(text).digest('hex');
    return delivery({ signature: `sig1=${mac}`, 'content-digest': `SHA-256=${digestText}` }, body);
  }

  it('takes each reading of what the page leaves open, and no other', () => {
    const [hex, base64] = [digest('hex'), digest('base64')];
    const bare = base64.replace('=', '');
    const [bytes, characters] = [Buffer.byteLength(body), body.length];
    expect(bytes).not.toBe(characters);
    for (const length of [bytes, characters]) {
      expect(refusal(healthie, read(hex, hex, length))).toBe('accepted');
      expect(refusal(healthie, read(base64, base64, length))).toBe('accepted');
      expect(refusal(healthie, read(base64, bare, length))).toBe('accepted');
    }
    expect(refusal(healthie, read(hex, base64, bytes))).toBe('signature_mismatch');
    expect(refusal(healthie, read(hex, hex, bytes + 1))).toBe('signature_mismatch');
  });

  it('compares the digest with the body, which the sample of the page does not', () => {
    const other = Buffer.from(body.replace('patient', 'PATIENT'));
    expect(refusal(healthie, { ...valid, body: other })).toBe('signature_mismatch');
    const theirs = headerOf(signed(healthie, other.toString()), 'content-digest');
    expect(says('content-digest', theirs)).toBe('signature_mismatch');
  });

  it('has a digest of SHA-256 alone', () => {
    for (const text of [
      digest('hex'),
      `SHA-512=${digest('hex')}`,
      'SHA-256=',
      'SHA-256=abc',
      `sha-256=:${digest('base64')}:`,
    ])
      expect(says('content-digest', text)).toBe('malformed_signature');
  });

  it('signs the method, and the query that was registered', () => {
    expect(refusal(healthie, { ...valid, method: 'PUT' })).toBe('signature_mismatch');
    expect(refusal(healthie, valid, { options: { publicUrl: 'https://hooks.example.com/webhooks/source?a=b' } })).toBe(
      'signature_mismatch',
    );
  });

  it('takes two equal changes for one, as its page says', () => {
    const event = () => identify(verified(valid), sourceOf(healthie));
    expect(event()).toMatchObject({ keyKind: 'body-hash', type: 'patient.updated' });
    expect(event().time).toBeUndefined();
  });
});
