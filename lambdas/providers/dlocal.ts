import { derivedKey } from '../core/event-key.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * dLocal, by its page "Payins security": `Authorization: V2-HMAC-SHA256, Signature: <hex>`, the HMAC-SHA-256 of the headers
 * `X-Login` and `X-Date` and the raw body, with nothing between them.
 */
export const dlocal = defineProvider({
  name: 'dlocal',
  title: 'dLocal',
  field: 'payments',
  documents: { source: 'https://docs.dlocal.com/reference/payins-security', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'authorization', encoding: 'hex', form: plain({ prefix: 'V2-HMAC-SHA256, Signature: ' }) },
    // No limit to its age is published.
    timestamp: { header: 'x-date', unit: 'iso' },
    signed: [{ header: 'x-login' }, 'timestamp', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Hourly for six hours, then every twelve hours for four days.
  retryHorizonSeconds: 345_600,
  options: {},

  readEvents({ json }) {
    const [id, status] = [readId(json.id), readText(json.status)];
    // The id is the payment's, which is reported again with each status.
    const key = id === undefined || status === undefined ? undefined : derivedKey(status, id);
    return { key, type: status, time: parseIsoTime(json.approved_date ?? json.created_date) };
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
      created_date: now.toISOString(),
      note: 'São Paulo',
    }),
  }),
});
