import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * WHOOP's partners for laboratory tests, by the page "Handle webhooks": `WHOOP-Signed`, the HMAC-SHA-256 of the raw body, in
 * hex. The body has no id of the event and no time.
 */
export const whoopLabs = defineProvider({
  name: 'whoop-labs',
  title: 'WHOOP Advanced Labs',
  field: 'health',
  documents: { source: 'https://developer.whoop.com/docs/partner/tutorials/handle-webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'whoop-signed', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json, body }) => ({ key: keyOfBody(sha256(body)), type: readText(json.event_type) }),

  sample: ({ id, type = 'lab_requisition.created' }) => JSON.stringify({ event_type: type, resource_id: id }),
});
