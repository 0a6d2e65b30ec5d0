import { EACH, elementsOf, eachOf } from '../core/batch.ts';
import type { ItemReader } from '../core/batch.ts';
import { JSON_VALUE } from '../core/content.ts';
import { keyOfBody } from '../core/event-key.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { joinedType, readIdText, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/** An element of the array: a CloudEvent, whose id is Intuit's. */
const readCloudEvent: ItemReader = ({ id, type, time }) => ({
  key: readText(id),
  type: readText(type),
  time: parseIsoTime(time),
});

/**
 * A company's notification, of the form before 2026: one event for each entity in it. Another try can put the entities together
 * otherwise, so that an entity is known by its own text and its company.
 */
const readNotification: ItemReader = ({ realmId }, _received, pointer, text) => {
  const company = readIdText(realmId) ?? '';
  const entities = elementsOf(text, ['dataChangeEvent', 'entities', EACH]);
  if (entities.length === 0) return { key: keyOfBody(sha256(text)), type: undefined };
  return entities.map(({ item, text: own, pointer: place }) => {
    const { name, operation, lastUpdated } = isObject(item) ? item : {};
    return {
      key: keyOfBody(sha256(`${company} ${sha256(own)}`)),
      type: joinedType(name, operation),
      time: parseIsoTime(lastUpdated),
      pointer: pointer + place,
      fingerprint: fingerprintOf(own.toString()),
    };
  });
};

const readCloudEvents = eachOf([EACH], readCloudEvent);
const readNotifications = eachOf(['eventNotifications', EACH], readNotification);

/**
 * QuickBooks Online, by Intuit's page on webhooks: `intuit-signature`, base64 of the HMAC-SHA-256 of the raw body, with the
 * verifier token. A delivery is an array of CloudEvents, as Intuit's blog has it of 2025-11-12; before, it carried notifications of
 * companies. Both are taken.
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
  identity: 'body',
  content: [JSON_VALUE],
  batches: true,
  rejectionStatus: 401,
  // 10, 20 and 30 seconds, 5 and 20 minutes, 2, 4 and 6 hours, and every 6 hours after; no end is published.
  retryHorizonSeconds: 86_400,
  acknowledgeWithinMs: 3_000,
  options: {},

  readEvents: (received) => (Array.isArray(received.value) ? readCloudEvents(received) : readNotifications(received)),

  sample: ({ id, now, type = 'qbo.customer.created.v1' }) =>
    JSON.stringify([
      {
        ...{ specversion: '1.0', id, source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=', type },
        ...{ datacontenttype: 'application/json', time: now.toISOString() },
        ...{ intuitentityid: '1234', intuitaccountid: '310687', data: { note: 'naïve' } },
      },
    ]),
});
