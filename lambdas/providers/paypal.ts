import { createPublicKey, sign as signWith, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { certificateAt } from '../core/schemes/certificates.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { readHeader } from '../core/schemes/headers.ts';
import { keyPairFrom } from '../core/schemes/key-pair.ts';
import { decode } from '../core/schemes/mac.ts';
import { isFor } from '../core/schemes/public-keys.ts';
import type { Scheme, Signature } from '../core/schemes/scheme.ts';
import { areWithin, parseIsoTime } from '../core/schemes/time.ts';

const [SIGNATURE, ID, TIME, CERTIFICATE, ALGORITHM] = [
  'paypal-transmission-sig',
  'paypal-transmission-id',
  'paypal-transmission-time',
  'paypal-cert-url',
  'paypal-auth-algo',
] as const;

/** The URLs of PayPal's certificates, those of its sandbox too. */
const CERTIFICATES = /^https:\/\/api(?:-m)?(?:\.sandbox)?\.paypal\.com\/v1\/notifications\/certs\/[\w-]{1,128}$/;
const EXAMPLE = 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270';
/** A day more than PayPal retries: whether it signs a retry again is not documented. */
const TOLERANCE_SECONDS = 4 * 86_400;

/**
 * RSA with SHA-256 of the id and the time of the transmission, the id of the webhook, and the CRC-32 of the body. The certificate is
 * fetched from PayPal. A CRC is easily kept while a body is changed: the body is not covered as by a hash.
 */
const scheme: Scheme = {
  title: "RSA with SHA-256 of the transmission and the body's CRC-32, base64",
  coverage: 'fields',
  headers: [
    { name: SIGNATURE, carries: 'signature' },
    { name: ID, carries: 'part' },
    { name: TIME, carries: 'timestamp' },
    { name: CERTIFICATE, carries: 'part' },
    { name: ALGORITHM, carries: 'part', optional: true },
  ],
  replayWindowSeconds: TOLERANCE_SECONDS,
  fetchesKeys: true,

  read({ headers, body }, { now }) {
    const time = readHeader(headers, TIME, 'timestamp');
    const [text, id, url] = [SIGNATURE, ID, CERTIFICATE].map((name) => readHeader(headers, name, 'signature'));
    for (const header of [text, id, url]) if (!header?.ok) return header ?? refuse('missing_signature');
    if (!text?.ok || !id?.ok || !url?.ok) return refuse('missing_signature');
    if (!time.ok) return time;
    const signature = decode(text.value, 'base64');
    const algorithm = headers.get(ALGORITHM);
    // The id of a transmission has no "|", so that nothing can be moved across one.
    const isSound = /^[\w-]{1,100}$/.test(id.value) && CERTIFICATES.test(url.value);
    const isKnown = algorithm === undefined || (algorithm.length === 1 && /^SHA256withRSA$/i.test(algorithm[0] ?? ''));
    if (!signature?.length || !isSound || !isKnown) return refuse('malformed_signature');
    const sentAt = parseIsoTime(time.value);
    if (!sentAt) return refuse('malformed_timestamp');
    if (!areWithin(sentAt, now, TOLERANCE_SECONDS)) return refuse('timestamp_out_of_window');
    return ok<Signature>({
      keyFor: () => certificateAt(url.value, 'certificates of PayPal'),
      matches: (webhook, key) =>
        isFor(key, 'rsa-sha256') && verify('sha256', signedText(id.value, time.value, webhook, body), key, signature),
    });
  },

  sign({ body, secrets: [pem], now }) {
    const [id, time] = [sha256(body).slice(0, 32), now.toISOString()];
    const bytes = signedText(id, time, webhookOf(createPublicKey(pem)), body);
    const parts = { [ID]: id, [TIME]: time, [CERTIFICATE]: EXAMPLE, [ALGORITHM]: 'SHA256withRSA' };
    return { headers: { ...parts, [SIGNATURE]: signWith('sha256', bytes, pem).toString('base64') } };
  },

  accepts: (secret) => /^[A-Za-z\d]{10,50}$/.test(secret),
  secretFrom(seed) {
    const { privateKey, publicKey } = keyPairFrom('rsa-sha256', seed);
    const signing = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { stored: webhookOf(publicKey), signing };
  },
};

/**
 * PayPal, by its page "Integrate webhooks" (self verification). The secret of the source is the id of its webhook, which is not a
 * credential: what proves a message is PayPal's certificate.
 */
export const paypal = defineProvider({
  name: 'paypal',
  title: 'PayPal',
  field: 'payments',
  documents: { source: 'https://developer.paypal.com/api/rest/webhooks/rest/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // "Up to 25 times over 3 days".
  retryHorizonSeconds: 3 * 86_400,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.event_type),
    time: parseIsoTime(json.create_time),
  }),

  sample: ({ id, now, type = 'PAYMENT.CAPTURE.COMPLETED' }) =>
    JSON.stringify({
      ...{ id, create_time: now.toISOString(), resource_type: 'capture', event_type: type },
      ...{ summary: 'Payment completed for $ 7.47 USD: naïve ☕', event_version: '1.0', resource_version: '2.0' },
      resource: { id: '2DC87612EK520411B', amount: { currency_code: 'USD', value: '7.47' }, status: 'COMPLETED' },
    }),
});

/** The id of the webhook of samples: made of the key, so that a seed makes both. */
const webhookOf = (key: KeyObject): string =>
  sha256(key.export({ type: 'spki', format: 'der' }))
    .slice(0, 17)
    .toUpperCase();

const signedText = (id: string, time: string, webhook: string, body: Buffer): Buffer =>
  Buffer.from(`${id}|${time}|${webhook}|${crc32(body)}`);
