import { sha256 } from '../core/hash.ts';
import { isObject, parseObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { inBodyHmac } from '../core/schemes/in-body.ts';
import type { InBody } from '../core/schemes/in-body.ts';
import { parseUnixTime, readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Mailgun, by its page "Securing webhooks": `signature.signature`, the HMAC-SHA-256 of `signature.timestamp` and
 * `signature.token`, in hex. Nothing of the event itself is covered. The key is the HTTP webhook signing key. If an event is a
 * subaccount's, `signature.parent-signature` is made with the primary account's.
 */
export const mailgun = defineProvider({
  name: 'mailgun',
  title: 'Mailgun',
  documents: {
    source: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: inBodyHmac({
    hash: 'sha256',
    of: 'timestamp and token',
    read: readSignature,
    write: writeSignature,
    // The page asks that the time be not far from now, and says no number. A retry that is not signed again is eight hours old.
    toleranceSeconds: 9 * 3600,
    // "Randomly generated": the page has a receiver honour a token once.
    isUsedOnce: true,
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  attemptFields: ['signature'],
  rejectionStatus: 401,
  // After 5, 10 and 15 minutes, 1, 2 and 4 hours: "during 8 hours".
  retryHorizonSeconds: 8 * 3600,
  options: {},

  readEvents({ json: { 'event-data': data } }) {
    const event = isObject(data) ? data : {};
    return { key: readId(event.id), type: readText(event.event), time: readTime(event.timestamp) };
  },

  sample: ({ id, now, type = 'delivered' }) =>
    JSON.stringify({
      signature: { token: '', timestamp: '', signature: '' },
      'event-data': {
        id,
        event: type,
        timestamp: now.getTime() / 1000,
        recipient: 'alice@example.com',
        message: { headers: { subject: 'naïve ☕' } },
      },
    }),
});

/** Seconds with a fraction. */
const readTime = (value: unknown): Date | undefined =>
  typeof value === 'number' ? readUnixMilliseconds(Math.floor(value * 1000)) : undefined;

function readSignature(body: Buffer): InBody | undefined {
  const signature = parseObject(body)?.signature;
  if (!isObject(signature)) return undefined;
  const timestamp = String(readId(signature.timestamp) ?? '');
  const { token, signature: own, 'parent-signature': parents } = signature;
  // The token has one length, so that no digit can be moved between it and the timestamp.
  if (typeof token !== 'string' || !/^\w{50}$/.test(token)) return undefined;
  const signatures = [own, parents].flatMap((text) => (typeof text === 'string' ? [text] : []));
  return { signed: timestamp + token, signatures, time: parseUnixTime(timestamp) };
}

function writeSignature(body: Buffer, sign: (text: string) => string, now: Date): Buffer {
  const json = parseObject(body);
  if (!json) return body;
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const token = sha256(body).slice(0, 50);
  return Buffer.from(JSON.stringify({ ...json, signature: { token, timestamp, signature: sign(timestamp + token) } }));
}
