import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * iDenfy, by its page "Callback signing": `Idenfy-Signature`, the HMAC-SHA-256 of the raw body, in hex. A verification is
 * reported several times; `final` says whether more follows. Webhooks about companies and AML have no overall status: a header
 * that is not signed says what they are.
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
  secret: { madeBy: 'customer' },
  identity: 'none',
  rejectionStatus: 401,
  // A delivery that is not answered with 2xx is retried; the times are not published.
  retryHorizonSeconds: 0,
  acknowledgeWithinMs: 10_000,
  options: {},

  readEvents: (received) => {
    const { status } = received.json;
    return {
      key: keyOfBody(sha256(received.body)),
      type: readText(isObject(status) ? status.overall : undefined) ?? received.header('idenfy-event-type'),
    };
  },

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
