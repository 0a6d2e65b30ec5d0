import { derivedKey } from '../core/event-key.ts';
import type { EventId } from '../core/event-key.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { anyOf } from '../core/schemes/any-of.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUtcTime } from '../core/schemes/time.ts';

const SIGNED = {
  hash: 'sha256',
  key: 'utf8',
  // No limit to its age is published.
  timestamp: { header: 'x-date', unit: 'iso' },
  signed: [{ header: 'x-login' }, 'timestamp', 'body'],
} as const;
const PREFIXED = plain({ prefix: 'V2-HMAC-SHA256, Signature: ' });

/**
 * dLocal, by its page "Payins security": `Authorization: V2-HMAC-SHA256, Signature: <hex>`, the HMAC-SHA-256 of the headers
 * `X-Login` and `X-Date` and the raw body, with nothing between them. Verifications and platforms have it in a header `Signature`;
 * their pages do not show whether the prefix is there too.
 */
export const dlocal = defineProvider({
  name: 'dlocal',
  title: 'dLocal',
  field: 'payments',
  documents: { source: 'https://docs.dlocal.com/reference/payins-security', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: anyOf(
    hmac({ ...SIGNED, signature: { header: 'authorization', encoding: 'hex', form: PREFIXED } }),
    hmac({ ...SIGNED, signature: { header: 'signature', encoding: 'hex' } }),
    hmac({ ...SIGNED, signature: { header: 'signature', encoding: 'hex', form: PREFIXED } }),
  ),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Verifications and platforms hourly for seven days; payments hourly for six hours, then every twelve hours for four days.
  retryHorizonSeconds: 604_800,
  options: {},

  readEvents({ json }) {
    const [id, type] = [readNotified(json), readText(json.event_type) ?? readText(json.status)];
    return {
      // The id is the payment's, which is reported again with each status.
      key: id === undefined || type === undefined ? undefined : derivedKey(type, id),
      type,
      // `+0000` for payments; without a zone for verifications.
      time: readUtcTime(json.approved_date ?? json.created_date ?? json.notification_date),
    };
  },

  sample: ({ id, now, type = 'PAID' }) => ({
    headers: { 'x-login': 'an-example-login' },
    body: JSON.stringify({
      id,
      amount: 120.5,
      status: type,
      status_code: '200',
      currency: 'USD',
      country: 'BR',
      order_id: 'order-example',
      created_date: now.toISOString().replace('Z', '+0000'),
      note: 'São Paulo',
    }),
  }),
});

/** The payment or the verification; a notification of platforms has no id: its account, and when. */
function readNotified({ id, account_id: account, notification_date: date }: JsonObject): EventId | undefined {
  const [accountId, at] = [readText(account), readText(date)];
  return readId(id) ?? (accountId !== undefined && at !== undefined ? `${accountId} ${at}` : undefined);
}
