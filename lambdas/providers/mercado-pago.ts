import type { Delivery } from '../core/delivery.ts';
import type { Envelope } from '../core/envelope.ts';
import { derivedKey } from '../core/event-key.ts';
import { isObject, parseObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { readId, readIdText, readText } from '../core/schemes/fields.ts';
import { decodeHex, decodeMacs, DIGEST_BYTES, hmac, isOneOf } from '../core/schemes/mac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const [SIGNATURE, REQUEST] = ['x-signature', 'x-request-id'] as const;
const form = pairs({ signature: 'v1', timestamp: 'ts' });

/**
 * The HMAC-SHA-256 of the id in the URL, the id of the request and a time, in hex: nothing of the body. Parts that are not there are
 * left out.
 */
const scheme: Scheme = {
  title: 'HMAC-SHA-256 of the id in the URL, the request and the time, hex',
  coverage: 'caller',
  headers: [
    { name: SIGNATURE, carries: 'signature' },
    { name: REQUEST, carries: 'part', optional: true },
  ],

  read(delivery) {
    const groups = form.read(delivery.headers, SIGNATURE);
    if (!groups.ok) return groups;
    const [{ signatures, timestamp = '' } = { signatures: [] }] = groups.value;
    const macs = decodeMacs(signatures, (text) => decodeHex(text, DIGEST_BYTES.sha256));
    if (!macs.ok) return macs;
    if (!/^\d{1,15}$/.test(timestamp)) return refuse('malformed_signature');
    const request = delivery.headers.get(REQUEST) ?? [];
    const ids = idsIn(delivery);
    // Of two values nobody knows which was signed; and a value with a ";" could be two.
    const isSound = [...ids, ...request].every((text) => /^[\w.:-]{1,200}$/.test(text));
    if (ids.length > 1 || request.length > 1 || !isSound) return refuse('malformed_signature');
    // The body is not covered: it must at least be about the id that is.
    const { data } = parseObject(delivery.body) ?? {};
    const named = isObject(data) ? readIdText(data.id) : undefined;
    const isAboutAnother = ids[0] !== undefined && named !== undefined && ids[0].toLowerCase() !== named.toLowerCase();
    if (isAboutAnother) return refuse('signature_mismatch');
    // The page signs the id in lower case, the SDK as it came.
    const texts = [...new Set([ids[0]?.toLowerCase(), ids[0]])].map((id) => manifest(id, request[0], timestamp));
    return ok({
      matches(secret: string) {
        if (secret === '') return false;
        // Each is compared, so that no answer's time tells which of them was right.
        return texts.map((text) => isOneOf(macs.value, hmac('sha256', secret, text))).includes(true);
      },
    });
  },

  usedOnce({ url, headers }) {
    const groups = form.read(headers, SIGNATURE);
    const [{ timestamp = '' } = {}] = groups.ok ? groups.value : [];
    // Or a captured proof would be another one as soon as a letter of the URL is.
    return manifest(idsIn({ url })[0]?.toLowerCase(), headers.get(REQUEST)?.[0], timestamp);
  },

  sign({ url, secrets, now, headers = {} }) {
    const time = String(now.getTime());
    const text = manifest(idsIn({ url })[0]?.toLowerCase(), headers[REQUEST], time);
    const texts = secrets.map((secret) => hmac('sha256', secret, text).toString('hex'));
    return { headers: form.write(SIGNATURE, texts, time) };
  },

  accepts: (secret) => secret !== '',
  secretFrom: (seed) => ({ stored: seed, signing: seed }),
};

/**
 * Mercado Pago, by its page "Webhooks" and its SDK (3.6.1, `WebhookSignatureValidator`): `x-signature: ts=<milliseconds>,v1=<hex>`.
 * The page signs an id of letters in lower case, the SDK as it came: both are taken. The SDK takes any age unless it is told a
 * limit, and then takes the time for seconds: no age is checked.
 */
export const mercadoPago = defineProvider({
  name: 'mercado-pago',
  title: 'Mercado Pago',
  field: 'payments',
  documents: {
    source: 'https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Each quarter of an hour, and after the third more seldom; no end is published.
  retryHorizonSeconds: 0,
  acknowledgeWithinMs: 22_000,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id) ?? orderKey(json),
    type: readText(json.action) ?? readText(json.type),
    time: parseIsoTime(json.date_created),
  }),

  sample: ({ id, now, type = 'payment.created' }) => ({
    headers: { [REQUEST]: 'bb56a2f1-6aae-46ac-982e-9dcd3581d08e' },
    body: JSON.stringify({
      ...{ id, live_mode: true, type: 'payment', date_created: now.toISOString(), user_id: 44_444 },
      ...{ api_version: 'v1', action: type, data: { id: '999999999' } },
    }),
  }),
});

/** A notification of an order has no id: it is known by what happened to which order, and by the version that the order has then. */
function orderKey({ action, data, date_created: created }: JsonObject): Envelope['key'] {
  const { id, version } = isObject(data) ? data : {};
  const [what, order, since] = [readText(action), readIdText(id), readIdText(version) ?? readText(created)];
  if (what === undefined || order === undefined || since === undefined) return undefined;
  return derivedKey(what, `${order} ${since}`);
}

const idsIn = ({ url }: Pick<Delivery, 'url'>): string[] => URL.parse(url)?.searchParams.getAll('data.id') ?? [];

const manifest = (id: string | undefined, request: string | undefined, time: string): string =>
  `${id === undefined ? '' : `id:${id};`}${request === undefined ? '' : `request-id:${request};`}ts:${time};`;
