import { keyOfSending } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';

const HEADER = 'capable-signature';
const form = pairs({ timestamp: 't', signature: 's' });

/**
 * Capable Health, by its page "Webhooks": `Capable-Signature: t=<Unix seconds>, s=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`.
 * While a key is replaced there are several `s`, and a blank follows each comma.
 */
export const capableHealth = defineProvider({
  name: 'capable-health',
  title: 'Capable Health',
  field: 'health',
  documents: { source: 'https://docs.capablehealth.com/docs/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: HEADER, encoding: 'hex', form },
    // No limit to its age is published.
    timestamp: { unit: 's' },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'signed time',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents({ json, body, headers }) {
    const groups = form.read(headers, HEADER);
    const [{ timestamp = '' } = {}] = groups.ok ? groups.value : [];
    return { key: keyOfSending(sha256(body), timestamp), type: readText(json.type) ?? readText(json.event) };
  },

  sample: ({ id, type = 'patient.updated' }) => JSON.stringify({ type, data: { id, first_name: 'José' } }),
});
