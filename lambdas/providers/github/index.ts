import { FORM, OBJECT } from '../../core/content.ts';
import { defineProvider } from '../../core/provider.ts';
import { plain } from '../../core/schemes/forms.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { githubApi, githubApiOptions, githubDeliveries } from './missed-events.ts';
import { githubRegistration } from './registration.ts';

/**
 * GitHub, by its page "Validating webhook deliveries": `X-Hub-Signature-256: sha256=<hex>`, the HMAC-SHA-256 of the raw body. The
 * older header with SHA-1 is not looked at. Id and type come in headers that are not signed.
 */
export const github = defineProvider({
  name: 'github',
  title: 'GitHub',
  documents: {
    source: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hub-signature-256', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  // The content type is a choice of the webhook: as a form the body is `payload=<JSON>`.
  content: [OBJECT, FORM],
  rejectionStatus: 401,
  // GitHub does not retry; a person redelivers, under the same id.
  retryHorizonSeconds: 0,
  options: githubApiOptions,
  api: githubApi,
  missedEvents: githubDeliveries,
  registration: githubRegistration,

  readEvents: (received) => ({
    key: received.header('x-github-delivery'),
    type: received.header('x-github-event'),
    unsignedId: true,
  }),

  sample: ({ id, now, type = 'push' }) => ({
    headers: { 'x-github-delivery': id, 'x-github-event': type },
    body: JSON.stringify({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: 'f'.repeat(40),
      repository: { id: 1, name: 'example', full_name: 'octo/example' },
      pusher: { name: 'octocat' },
      head_commit: { id, message: 'Say "naïve" ☕', timestamp: now.toISOString() },
    }),
  }),
});
