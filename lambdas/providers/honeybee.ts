import { createHash } from 'node:crypto';
import { readId, readText } from '../core/fields.ts';
import { readHeader } from '../core/headers.ts';
import { decodeBase64, decodeMacs, hmac } from '../core/mac.ts';
import type { Options, Provider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';

const SIGNATURE = 'x-honeybee-signature';
const NEWLINE = Buffer.from('\n');
/** Bytes of an HMAC-SHA-1 with the newline that they put into the base64. */
const MAC_LENGTH = 20 + NEWLINE.length;

/**
 * Honeybee Health, by its document "Event Signature Validation": base64 of the HMAC-SHA-1, and a newline, of the CGI-escaped
 * method, URL and body. Its Ruby sample is the one to follow: the Node and Java samples escape otherwise.
 */
export const honeybee: Provider = {
  name: 'honeybee',
  title: 'Honeybee Health',
  methods: ['POST'],
  signatureHeaders: [SIGNATURE],
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  defaultWindowDays: 365,
  signsUrl: true,
  secretMadeBy: 'provider',
  options: {
    publicUrl: {
      type: 'url',
      description: 'The URL registered with Honeybee, query string included; if not set, the one that the caller used.',
    },
  },

  readClaim({ method, url, headers, body }, { options }) {
    const header = readHeader(headers, SIGNATURE, 'signature');
    if (!header.ok) return header;
    const macs = decodeMacs([header.value], (text) => decodeBase64(text, MAC_LENGTH));
    if (!macs.ok) return macs;
    if (!macs.value.every((mac) => mac.subarray(-1).equals(NEWLINE))) return refuse('malformed_signature');
    const parts = signedParts(method, publicUrl(options) ?? url, body);
    return ok({ candidates: macs.value, mac: (secret) => macOf(secret, parts) });
  },

  sign: ({ url, body, secrets: [secret] }) => ({
    [SIGNATURE]: macOf(secret, signedParts('POST', url, body)).toString('base64'),
  }),

  readEnvelope: (json) => ({ key: readId(json.event_id), type: readText(json.event_type) }),

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
          // Every character that one escaping or another gets wrong.
          sig_text: "Take 1 tablet (10 mg) daily, at ~8 o'clock! *Never* with pâté",
          written_qty: 90,
          days_supply: null,
          refills_left: 2,
          drug_schedule: 4,
        },
      ],
    }),
};

const publicUrl = ({ publicUrl: url }: Options): string | undefined => (typeof url === 'string' ? url : undefined);

const signedParts = (method: string, url: string, body: Buffer): readonly Buffer[] => [
  cgiEscape(Buffer.from(method + url)),
  cgiEscape(body),
];

/** The key is the hex text of the secret's hash, not its bytes. */
const macOf = (secret: string, parts: readonly Buffer[]): Buffer =>
  Buffer.concat([hmac('sha1', createHash('sha256').update(secret).digest('hex'), ...parts), NEWLINE]);

const PERCENT = '%'.charCodeAt(0);
const HEX_DIGITS = '0123456789ABCDEF';
/** What a byte that is not percent-encoded becomes; 0 for every other. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return character === ' ' ? '+'.charCodeAt(0) : /[\w.~-]/.test(character) ? byte : 0;
});

/**
 * CGI escape, as Ruby's `CGI.escape`: `A–Z a–z 0–9 _ . - ~` stay, a space becomes `+`, every other byte `%XX`. It works on
 * bytes, so a body that is no UTF-8 is escaped as exactly as any other.
 */
export function cgiEscape(bytes: Buffer): Buffer {
  const escaped = Buffer.allocUnsafe(3 * bytes.length);
  let length = 0;
  for (const byte of bytes) {
    const plain = PLAIN[byte];
    if (plain) {
      escaped[length++] = plain;
    } else {
      escaped[length++] = PERCENT;
      escaped[length++] = HEX_DIGITS.charCodeAt(byte >> 4);
      escaped[length++] = HEX_DIGITS.charCodeAt(byte & 15);
    }
  }
  return escaped.subarray(0, length);
}
