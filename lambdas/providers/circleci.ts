import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * CircleCI, by its page "Outbound webhooks": `circleci-signature: v1=<hex>`, the HMAC-SHA-256 of the raw body. Later versions may
 * come beside it; `v1` is the only one that there is, and nothing older is looked at.
 */
export const circleci = defineProvider({
  name: 'circleci',
  title: 'CircleCI',
  documents: { source: 'https://circleci.com/docs/guides/integration/outbound-webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'circleci-signature', encoding: 'hex', form: pairs({ signature: 'v1' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.type),
    time: parseIsoTime(json.happened_at),
  }),

  sample: ({ id, now, type = 'workflow-completed' }) =>
    JSON.stringify({
      type,
      id,
      happened_at: now.toISOString(),
      webhook: { id: 'cf8c4fdd-0587-4da1-b4ca-4846e9640af9', name: 'Sample Webhook' },
      workflow: { id: 'fda08377-fe7e-46b1-8992-3a7aaecac9c3', name: 'build-test-naïve ☕', status: 'success' },
      project: { id: '84996744-a854-4f5e-aea3-04e2851dc1d2', name: 'example', slug: 'github/example/example' },
    }),
});
