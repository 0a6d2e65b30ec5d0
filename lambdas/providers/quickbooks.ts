import { EACH, eachOf } from '../core/batch.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { joinedType, splitType } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * QuickBooks Online, by Intuit's page on webhooks: `intuit-signature`, base64 of the HMAC-SHA-256 of the raw body, with the
 * verifier token. One delivery carries notifications of several companies.
 */
export const quickbooks = defineProvider({
  name: 'quickbooks',
  title: 'QuickBooks Online',
  field: 'payments',
  documents: {
    source: 'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks',
    confidence: 'unconfirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'intuit-signature', encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  batches: true,
  rejectionStatus: 401,
  // 10, 20 and 30 seconds, 5 and 20 minutes, 2, 4 and 6 hours, and every 6 hours after; no end is published.
  retryHorizonSeconds: 86_400,
  acknowledgeWithinMs: 3_000,
  options: {},

  readEvents: eachOf(['eventNotifications', EACH], ({ dataChangeEvent }, _received, _pointer, text) => {
    const [entity] =
      isObject(dataChangeEvent) && Array.isArray(dataChangeEvent.entities)
        ? (dataChangeEvent.entities as readonly unknown[])
        : [];
    return {
      key: keyOfBody(sha256(text)),
      type: isObject(entity) ? joinedType(entity.name, entity.operation) : undefined,
      time: isObject(entity) ? parseIsoTime(entity.lastUpdated) : undefined,
    };
  }),

  sample({ id, now, type = 'Customer.Create' }) {
    const [name, operation] = splitType(type);
    const entities = [{ name, id, operation, lastUpdated: now.toISOString() }];
    return JSON.stringify({
      eventNotifications: [{ realmId: '1185883450', dataChangeEvent: { entities }, note: 'naïve' }],
    });
  },
});
