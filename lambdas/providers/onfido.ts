import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Onfido, by its SDK (6.2.0, `WebhookEventVerifier`): `X-SHA2-Signature`, the HMAC-SHA-256 of the raw body, in hex. The key is the
 * text of the webhook's token.
 */
export const onfido = defineProvider({
  name: 'onfido',
  title: 'Onfido',
  field: 'identity',
  documents: { source: '@onfido/api 6.2.0, WebhookEventVerifier', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-sha2-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  // None is published; its API sends named events again.
  retryHorizonSeconds: 0,
  options: {},

  readEvents({ json: { payload }, body }) {
    const event = isObject(payload) ? payload : undefined;
    const object = isObject(event?.object) ? event.object : {};
    return {
      key: keyOfBody(sha256(body)),
      type: readText(event?.action),
      time: parseIsoTime(object.completed_at_iso8601) ?? parseIsoTime(object.started_at_iso8601),
      quarantine: event ? undefined : 'no_event_type',
    };
  },

  sample: ({ id, now, type = 'check.completed' }) =>
    JSON.stringify({
      payload: {
        resource_type: 'check',
        action: type,
        object: { id, status: 'complete', completed_at_iso8601: now.toISOString(), href: '/v3.6/checks/naïve' },
      },
    }),
});
