import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * iDenfy, by its page "Callback signing": `Idenfy-Signature`, the HMAC-SHA-256 of the raw body, in hex. A verification is
 * reported several times; `final` says whether more follows.
 */
export const idenfy = defineProvider({
  name: 'idenfy',
  title: 'iDenfy',
  field: 'identity',
  documents: { source: 'https://documentation.idenfy.com/kyc/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'idenfy-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  // A delivery that is not answered with 2xx is retried; the times are not published.
  retryHorizonSeconds: 0,
  acknowledgeWithinMs: 10_000,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(isObject(json.status) ? json.status.overall : undefined),
  }),

  sample: ({ id, type = 'APPROVED' }) =>
    JSON.stringify({
      final: true,
      platform: 'MOBILE_APP',
      status: { overall: type, fraudTags: [], autoDocument: 'DOC_VALIDATED' },
      data: { docFirstName: 'José', docLastName: 'Example' },
      clientId: 'client-example',
      scanRef: id,
    }),
});
