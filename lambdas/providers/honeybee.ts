import { hash } from 'node:crypto';
import { readId, readText } from '../core/schemes/fields.ts';
import { readHeader } from '../core/schemes/headers.ts';
import { decodeBase64, decodeMacs, hmacOfParts } from '../core/schemes/mac.ts';
import type { Provider } from '../core/provider.ts';
import type { Options } from '../core/envelope.ts';
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

type SignedParts = readonly [address: Buffer, body: Buffer];

/** What is signed, not escaped yet. */
const signedParts = (method: string, url: string, body: Buffer): SignedParts => [Buffer.from(method + url), body];

/** The key is the hex text of the secret's hash, not its bytes. */
function macOf(secret: string, [address, body]: SignedParts): Buffer {
  const mac = hmacOfParts('sha1', hash('sha256', secret), (take) => {
    escape(address, take);
    escape(body, take);
  });
  return Buffer.concat([mac, NEWLINE]);
}

const HEX_DIGITS = '0123456789ABCDEF';
/**
 * What each byte becomes, as a number of 32 bits: its one to three characters from the lowest byte on, and above them how
 * many there are.
 */
const ESCAPED = Uint32Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[\w.~-]/.test(character)) return byte | (1 << 24);
  if (character === ' ') return '+'.charCodeAt(0) | (1 << 24);
  const [high, low] = [HEX_DIGITS.charCodeAt(byte >> 4), HEX_DIGITS.charCodeAt(byte & 15)];
  return '%'.charCodeAt(0) | (high << 8) | (low << 16) | (3 << 24);
});

/** Bytes that are escaped at a time: what they become stays in the processor's cache until it is hashed. */
const CHUNK = 16 * 1024;
/** Four bytes are written for each, whatever it becomes, and the next ones go over what is too much: that takes no branch. */
const escapedChunk = Buffer.alloc(3 * CHUNK + 1);
const escapedWords = new DataView(escapedChunk.buffer, escapedChunk.byteOffset, escapedChunk.length);

/** Hands on the bytes in CGI escape, part by part; a part stands until the next is made. */
function escape(bytes: Buffer, take: (part: Buffer) => void): void {
  for (let start = 0; start < bytes.length; start += CHUNK)
    take(escapedChunk.subarray(0, escapeChunk(bytes, start, Math.min(start + CHUNK, bytes.length))));
}

/** Escapes the bytes from `start` to `end`; answers how many there are then. */
function escapeChunk(bytes: Buffer, start: number, end: number): number {
  let length = 0;
  // With an iterator this takes many times as long.
  for (let index = start; index < end; index++) {
    const characters = ESCAPED[bytes[index] ?? 0] ?? 0;
    escapedWords.setUint32(length, characters, true);
    length += characters >> 24;
  }
  return length;
}

/**
 * CGI escape, as Ruby's `CGI.escape`: `A–Z a–z 0–9 _ . - ~` stay, a space becomes `+`, every other byte `%XX`. It works on
 * bytes, so a body that is no UTF-8 is escaped as exactly as any other.
 */
export function cgiEscape(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  escape(bytes, (part) => parts.push(Buffer.from(part)));
  return Buffer.concat(parts);
}
