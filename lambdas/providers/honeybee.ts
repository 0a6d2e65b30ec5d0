import { hash } from 'node:crypto';
import { defineProvider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { cgiEscape } from '../core/schemes/cgi-escape.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { readHeader } from '../core/schemes/headers.ts';
import { decodeBase64, DIGEST_BYTES, hmac, isOneOf } from '../core/schemes/mac.ts';
import { registeredUrl } from '../core/schemes/parts.ts';
import type { Scheme } from '../core/schemes/scheme.ts';

const SIGNATURE = 'x-honeybee-signature';
const NEWLINE = Buffer.from('\n');

/**
 * Base64 of the HMAC-SHA-1, and a newline, of the CGI-escaped method, URL and body. The key is the hex text of the client
 * secret's SHA-256, not its bytes.
 */
const scheme: Scheme = {
  title: 'HMAC-SHA-1 of the CGI-escaped request, base64',
  coverage: 'body',
  headers: [{ name: SIGNATURE, carries: 'signature' }],
  signsUrl: true,

  read(delivery, { options }) {
    const header = readHeader(delivery.headers, SIGNATURE, 'signature');
    if (!header.ok) return header;
    const received = decodeBase64(header.value, DIGEST_BYTES.sha1 + NEWLINE.length);
    if (!received?.subarray(-NEWLINE.length).equals(NEWLINE)) return refuse('malformed_signature');
    let signed: SignedText | undefined;
    return ok({
      matches(secret: string) {
        // Escaping takes longer than hashing: it is done once for all secrets.
        signed ??= signedText(delivery.method, registeredUrl(delivery, options), delivery.body);
        return isOneOf([received], macOf(secret, signed));
      },
    });
  },

  sign: ({ method = 'POST', url, body, secrets: [secret] }) => ({
    headers: { [SIGNATURE]: macOf(secret, signedText(method, url, body)).toString('base64') },
  }),
  accepts: (secret) => secret !== '',
  secretFrom: (seed) => ({ stored: seed, signing: seed }),
};

/**
 * Honeybee Health, by its document "Event Signature Validation". Its Ruby sample is the one to follow: the Node and Java
 * samples escape otherwise.
 */
export const honeybee = defineProvider({
  name: 'honeybee',
  title: 'Honeybee Health',
  field: 'health',
  documents: { source: 'its document "Event Signature Validation"', confidence: 'confirmed' },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {
    publicUrl: {
      type: 'url',
      description:
        "The URL registered with Honeybee; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  readEvents: ({ json }) => ({ key: readId(json.event_id), type: readText(json.event_type) }),

  sample: ({ id, now, type = 'RX_RECEIVED' }) =>
    JSON.stringify({
      event_id: id,
      event_type: type,
      patient_id: 'v3y4od',
      medication_requests: [
        {
          id: 82,
          prescription_id: 82,
          active: true,
          patient_id: 'v3y4od',
          prescriber_name: 'Dr. Zoë Example',
          receive_date: now.toISOString(),
          drug_name: 'EXAMPLASTATIN 10MG TABLET',
          ndc: '0000000000',
          // Every character that one escaping or another escapes wrongly.
          sig_text: "Take 1 tablet (10 mg) daily, at ~8 o'clock! *Never* with pâté",
          written_qty: 90,
          days_supply: null,
          refills_left: 2,
          drug_schedule: 4,
        },
      ],
    }),
});

type SignedText = readonly [address: Buffer, body: Buffer];

const signedText = (method: string, url: string, body: Buffer): SignedText => [
  cgiEscape(Buffer.from(method + url)),
  cgiEscape(body),
];

const macOf = (secret: string, text: SignedText): Buffer =>
  Buffer.concat([hmac('sha1', hash('sha256', secret), ...text), NEWLINE]);
