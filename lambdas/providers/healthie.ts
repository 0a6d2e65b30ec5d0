import { hash } from 'node:crypto';
import type { Delivery } from '../core/delivery.ts';
import type { Options } from '../core/envelope.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { readHeader } from '../core/schemes/headers.ts';
import { decodeBase64, decodeHex, decodeMacs, DIGEST_BYTES, hmac, isOneOf } from '../core/schemes/mac.ts';
import { registeredUrl } from '../core/schemes/parts.ts';
import type { Scheme } from '../core/schemes/scheme.ts';

const SIGNATURE = 'signature';
const DIGEST = 'content-digest';
const DIGEST_PREFIX = 'SHA-256=';
const FORM = plain({ prefix: 'sig1=' });

/**
 * Hex of the HMAC-SHA-256 of `<method> <path> <query> <digest> application/json <length>`, one blank between each. The digest is
 * that of the body, as `Content-Digest` has it: the page's sample does not compare it with the body, which has to be done.
 */
const scheme: Scheme = {
  title: 'HMAC-SHA-256 of the request and the digest of its body, hex',
  coverage: 'body',
  headers: [
    { name: SIGNATURE, carries: 'signature' },
    { name: DIGEST, carries: 'part' },
  ],
  signsUrl: true,

  read(delivery, { options }) {
    const groups = FORM.read(delivery.headers, SIGNATURE);
    if (!groups.ok) return groups;
    const texts = groups.value.flatMap(({ signatures }) => signatures);
    const macs = decodeMacs(texts, (text) => decodeHex(text, DIGEST_BYTES.sha256));
    if (!macs.ok) return macs;
    const header = readHeader(delivery.headers, DIGEST, 'signature');
    if (!header.ok) return header;
    const digest = header.value.startsWith(DIGEST_PREFIX) ? header.value.slice(DIGEST_PREFIX.length) : '';
    const stated = decodeDigest(digest);
    if (!stated) return refuse('malformed_signature');
    return ok({
      matches: (secret: string) =>
        isOneOf([stated], hash('sha256', delivery.body, 'buffer')) &&
        signedTexts(delivery, digest, options).some((text) => isOneOf(macs.value, hmac('sha256', secret, text))),
    });
  },

  sign({ method = 'POST', url, body, secrets: [secret], options = {} }) {
    const digest = sha256(body);
    const [text] = signedTexts({ method, url, headers: new Map(), body }, digest, options);
    const mac = hmac('sha256', secret, text).toString('hex');
    return { headers: { ...FORM.write(SIGNATURE, [mac], ''), [DIGEST]: DIGEST_PREFIX + digest } };
  },
  accepts: (secret) => secret !== '',
  secretFrom: (seed) => ({ stored: seed, signing: seed }),
};

/** The page does not say in which encoding a digest is written. */
const decodeDigest = (text: string): Buffer | undefined =>
  decodeHex(text, DIGEST_BYTES.sha256) ?? decodeBase64(text.length === 43 ? `${text}=` : text, DIGEST_BYTES.sha256);

/**
 * The texts that may have been signed. The page's sample cuts the digest off at its first `=`, and counts characters; others
 * count bytes, as the header `Content-Length` does.
 */
function signedTexts(delivery: Delivery, digest: string, options: Options): readonly [string, ...string[]] {
  const { pathname = '', search = '' } = URL.parse(registeredUrl(delivery, options)) ?? {};
  const request = `${delivery.method.toLowerCase()} ${pathname} ${search.slice(1)}`;
  const textOf = (of: string, length: number): string => `${request} ${of} application/json ${length}`;
  const { length } = delivery.body;
  const characters = delivery.body.toString().length;
  const [bare = ''] = digest.split('=');
  const others = [textOf(bare, length), textOf(digest, characters), textOf(bare, characters)];
  return [textOf(digest, length), ...(bare === digest && characters === length ? [] : others)];
}

/** Healthie, by its page "Webhooks". The key is the whole text of the webhook's secret, `whsec_` too. */
export const healthie = defineProvider({
  name: 'healthie',
  title: 'Healthie',
  field: 'health',
  documents: { source: 'https://docs.gethealthie.com/guides/webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  // Only for a webhook with `should_retry`; then it is disabled.
  retryHorizonSeconds: 3 * 86_400,
  cutsOffAfterFailures: true,
  options: {
    publicUrl: {
      type: 'url',
      description:
        "The URL registered with Healthie; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  readEvents({ json, body }) {
    const type = readText(json.event_type);
    const quarantine = type === undefined ? 'no_event_type' : undefined;
    return { key: keyOfBody(sha256(body)), type, quarantine };
  },

  sample: ({ id, type = 'appointment.updated' }) =>
    JSON.stringify({ resource_id: id, resource_id_type: 'Appointment', event_type: type, changed_fields: ['naïve'] }),
});
