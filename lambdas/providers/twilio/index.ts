import { EACH, eachOf } from '../../core/batch.ts';
import { EMPTY, FORM, JSON_VALUE, readForm } from '../../core/content.ts';
import type { Form } from '../../core/content.ts';
import type { Envelope } from '../../core/envelope.ts';
import { keyOfBody } from '../../core/event-key.ts';
import { sha256 } from '../../core/hash.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { ok, refuse } from '../../core/result.ts';
import { cached } from '../../core/schemes/cache.ts';
import { joinedType, readText } from '../../core/schemes/fields.ts';
import { readHeader } from '../../core/schemes/headers.ts';
import { decodeBase64, DIGEST_BYTES, hmac, isOneOf } from '../../core/schemes/mac.ts';
import { registeredUrl } from '../../core/schemes/parts.ts';
import type { Scheme } from '../../core/schemes/scheme.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { twilioAlerts, twilioApi, twilioApiOptions } from './missed-events.ts';

const SIGNATURE = 'x-twilio-signature';
const BODY_HASH = 'bodySHA256';

/**
 * Base64 of the HMAC-SHA-1 of the URL and, if the body is a form, of its fields: sorted by name, name and value one after the other
 * and nothing between them. Of any other body the URL names the SHA-256, in `bodySHA256`.
 */
const scheme: Scheme = {
  title: 'HMAC-SHA-1 of the URL and the fields, base64',
  coverage: 'fields',
  headers: [{ name: SIGNATURE, carries: 'signature' }],
  signsUrl: true,

  read(delivery, { options }) {
    const header = readHeader(delivery.headers, SIGNATURE, 'signature');
    if (!header.ok) return header;
    const mac = decodeBase64(header.value, DIGEST_BYTES.sha1);
    if (!mac) return refuse('malformed_signature');
    const isHashed = URL.parse(delivery.url)?.searchParams.has(BODY_HASH) === true;
    const form = isHashed ? undefined : fieldsOf(delivery.body);
    if (!isHashed && !form) return refuse('signature_mismatch');
    const url = registeredUrl(delivery, options);
    // The hash is made of the body that came: what the request's URL says of it is not looked at.
    const text = form ? signedFields(form) : '';
    const urls = spellings(form ? url : withHash(url, delivery.body));
    return ok({ matches: (secret: string) => urls.some((one) => isOneOf([mac], hmac('sha1', secret, one + text))) });
  },

  sign({ url, body, secrets: [secret] }) {
    const form = fieldsOf(body);
    const signedUrl = form ? url : withHash(url, body);
    const mac = hmac('sha1', secret, signedUrl + (form ? signedFields(form) : ''));
    return { headers: { [SIGNATURE]: mac.toString('base64') }, ...(!form && { url: signedUrl }) };
  },

  accepts: (secret) => secret !== '',
  secretFrom: (seed) => ({ stored: seed, signing: seed }),
};

/**
 * Twilio, by its page "Webhooks security" and its SDK (6.2.0). The key is the account's auth token. Some of Twilio's systems sign the
 * URL with its port and some without, so both are tried.
 */
export const twilio = defineProvider({
  name: 'twilio',
  title: 'Twilio',
  documents: { source: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security', confidence: 'confirmed' },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'none',
  content: [FORM, JSON_VALUE, EMPTY],
  batches: true,
  // As the SDK's own middleware.
  rejectionStatus: 403,
  rejectionStatuses: { missing_signature: 400 },
  retryHorizonSeconds: 0,
  options: {
    ...twilioApiOptions,
    publicUrl: {
      type: 'url',
      description:
        "The webhook's URL as Twilio has it; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  api: twilioApi,
  missedEvents: twilioAlerts(readEvent),

  readEvents: (received) => (Array.isArray(received.value) ? readStream(received) : readEvent(received)),

  sample: ({ id, type = 'delivered' }) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...{ AccountSid: 'AC00000000000000000000000000000000', ApiVersion: '2010-04-01', Body: 'Naïve ☕ & more' },
      ...{ From: '+15017122661', MessageSid: id, MessageStatus: type, To: '+15558675310' },
    }).toString(),
  }),
});

/** Event Streams sends arrays of CloudEvents. */
const readStream = eachOf([EACH], ({ id, type, time }, _received, _pointer, text) => ({
  key: readText(id) ?? keyOfBody(sha256(text)),
  type: readText(type),
  time: parseIsoTime(time),
}));

function readEvent({ body, json }: Received): Envelope {
  const form = fieldsOf(body);
  if (!form) return { key: keyOfBody(sha256(body)), type: joinedType(json.type) };
  // Of the text that is signed, not of the body: the same fields can be escaped in many ways.
  const [type] = TYPES.flatMap((name) => readText(form.get(name)?.[0]) ?? []);
  return { key: keyOfBody(sha256(signedFields(form))), type };
}

/** The fields that say what happened, the most telling first. */
const TYPES = ['EventType', 'StatusCallbackEvent', 'MessageStatus', 'SmsStatus', 'CallStatus'];

/**
 * The fields of a form; none of an empty body. A name that begins like the rest of a URL makes it no form of Twilio's: its fields
 * could be what was signed as a URL.
 */
function fieldsOf(body: Buffer): Form | undefined {
  const form: Form | undefined = body.length === 0 ? new Map() : readForm(body);
  return form && ![...form.keys()].some((name) => /^(?:[^\w]|$)/.test(name)) ? form : undefined;
}

/** Several values of a name are sorted too, and each of them counts once. */
const signedFields = (form: Form): string =>
  [...form]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => [...new Set(values)].sort().map((value) => name + value))
    .join('');

const withHash = (url: string, body: Buffer): string =>
  `${url}${url.includes('?') ? '&' : '?'}${BODY_HASH}=${sha256(body)}`;

/** The ways in which Twilio's systems write a URL: as it is and as browsers do, each without the port and with it. */
const spellings = cached((url): readonly string[] => {
  const texts = [url, URL.parse(url)?.href ?? url];
  return [...new Set(texts.flatMap((text) => [withPort(text, () => ''), withPort(text, (port) => port)]))];
});

/** A URL with another port; `choose` is given the one that it has, or that its scheme stands for. */
function withPort(url: string, choose: (port: string) => string): string {
  const [, scheme = '', host = '', port, rest = ''] = /^(https?:\/\/)([^/?#:]*)(:\d+)?(.*)$/is.exec(url) ?? [];
  const standard = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return scheme + host + choose(port ?? standard) + rest;
}
