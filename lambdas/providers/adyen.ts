import { createSecretKey } from 'node:crypto';
import { EACH, eachOf } from '../core/batch.ts';
import { derivedKey } from '../core/event-key.ts';
import { isObject, parseObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { readText } from '../core/schemes/fields.ts';
import { keyReader, pairFrom } from '../core/schemes/keys.ts';
import { decodeBase64, DIGEST_BYTES, hmac, isOneOf } from '../core/schemes/mac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/** Adyen's console shows the key in hex. */
const KEY = { encoding: 'hex', minBytes: 16 } as const;
const keyOf = keyReader(KEY);

/**
 * Base64 of the HMAC-SHA-256 of eight fields of an item, colons between them and nothing escaped, in the item itself. Every item of
 * a delivery must be signed: one that is not could be beside one that is. Only the merchant's own reference may have a colon in it:
 * with one in any other field, the same signature would be right for the same text cut otherwise.
 */
const scheme: Scheme = {
  title: 'eight fields by HMAC-SHA-256, base64, in the body',
  coverage: 'fields',
  headers: [],

  read({ body }) {
    const items = itemsOf(parseObject(body));
    const texts = items.map(({ additionalData }) =>
      isObject(additionalData) ? additionalData.hmacSignature : undefined,
    );
    if (texts.length === 0 || texts.includes(undefined)) return refuse('missing_signature');
    const macs = texts.flatMap((text) =>
      typeof text === 'string' ? (decodeBase64(text, DIGEST_BYTES.sha256) ?? []) : [],
    );
    const signed = items.flatMap((item) => signedText(item) ?? []);
    if (macs.length !== texts.length || signed.length !== texts.length) return refuse('malformed_signature');
    return ok({
      matches(secret: string) {
        const key = keyOf(secret);
        if (!key || key.length === 0) return false;
        return signed.every((text, index) => isOneOf(macs.slice(index, index + 1), macOf(key, text)));
      },
    });
  },

  sign({ body, secrets: [secret] }) {
    const [key, json] = [keyOf(secret), parseObject(body)];
    if (!key) throw new Error('the secret is not a key of this scheme');
    if (!json || itemsOf(json).length === 0) return { headers: {} };
    const notificationItems = itemsOf(json).map((item) => ({
      NotificationRequestItem: {
        ...item,
        additionalData: {
          ...(isObject(item.additionalData) && item.additionalData),
          hmacSignature: macOf(key, signedText(item) ?? '').toString('base64'),
        },
      },
    }));
    return { headers: {}, body: Buffer.from(JSON.stringify({ ...json, notificationItems })) };
  },

  accepts: (secret) => (keyOf(secret)?.length ?? 0) > 0,
  secretFrom: (seed) => pairFrom(seed, KEY),
};

/**
 * Adyen's standard webhooks, by its page "Verify HMAC signatures" and its library (32.1.0). Of a notification only these are
 * proved: pspReference, originalReference, merchantAccountCode, merchantReference, amount, eventCode and success.
 */
export const adyen = defineProvider({
  name: 'adyen',
  title: 'Adyen',
  field: 'payments',
  documents: {
    source: 'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'body',
  batches: true,
  rejectionStatus: 401,
  // Three times at once, after 2, 5, 10, 15 and 30 minutes, 1, 2, 4 and 8 hours, and so on for 30 days.
  retryHorizonSeconds: 30 * 86_400,
  acknowledgeWithinMs: 10_000,
  options: {},

  readEvents: eachOf(['notificationItems', EACH], (element) => {
    const item = itemOf(element);
    const [type, id] = [readText(item.eventCode), readText(fieldText(item.pspReference))];
    // Adyen's own rule for duplicates, and all three are signed.
    const isNamed = type !== undefined && id !== undefined;
    return {
      key: isNamed ? derivedKey(type, `${id}:${fieldText(item.success) ?? ''}`) : undefined,
      type,
      time: parseIsoTime(item.eventDate),
    };
  }),

  // Any 2xx will do today; older accounts are set to wait for this text.
  acknowledge: () => ({ status: 200, body: '[accepted]' }),

  sample: ({ id, now, type = 'AUTHORISATION' }) =>
    JSON.stringify({
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: {
            additionalData: { authCode: '1234', cardSummary: '7777' },
            amount: { currency: 'EUR', value: 1130 },
            eventCode: type,
            eventDate: now.toISOString(),
            merchantAccountCode: 'TestMerchant',
            merchantReference: 'Café ☕',
            paymentMethod: 'visa',
            pspReference: id,
            success: 'true',
          },
        },
      ],
    }),
});

const NOTHING: JsonObject = {};
const itemOf = (element: unknown): JsonObject =>
  isObject(element) && isObject(element.NotificationRequestItem) ? element.NotificationRequestItem : NOTHING;

const itemsOf = (json: JsonObject | undefined): readonly JsonObject[] =>
  Array.isArray(json?.notificationItems) ? json.notificationItems.map(itemOf) : [];

/** The text that is signed; undefined if the same text could be of other fields. */
function signedText(item: JsonObject): string | undefined {
  const { pspReference, originalReference, merchantAccountCode, merchantReference, eventCode, success } = item;
  const { value, currency } = isObject(item.amount) ? item.amount : NOTHING;
  const before = [pspReference, originalReference, merchantAccountCode].map(fieldText);
  const after = [value, currency, eventCode, success].map(fieldText);
  const reference = fieldText(merchantReference);
  const isCut = [...before, ...after].some((text) => text === undefined || text.includes(':'));
  return isCut || reference === undefined ? undefined : [...before, reference, ...after].join(':');
}

/** A field as it is signed: nothing if it is missing; undefined if it has no text of its own. */
function fieldText(field: unknown): string | undefined {
  if (field === undefined || field === null) return '';
  if (typeof field === 'string') return field;
  const hasText = typeof field === 'boolean' || (typeof field === 'number' && Number.isSafeInteger(field));
  return hasText ? String(field) : undefined;
}

const macOf = (key: Buffer, text: string): Buffer => hmac('sha256', createSecretKey(key), text);
