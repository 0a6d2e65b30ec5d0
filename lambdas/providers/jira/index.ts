import { defineProvider } from '../../core/provider.ts';
import { readText } from '../../core/schemes/fields.ts';
import { plain } from '../../core/schemes/forms.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { jwt } from '../../core/schemes/jwt.ts';
import { readUnixMilliseconds } from '../../core/schemes/time.ts';
import { jiraApi, jiraOptions, jiraRegistration } from './registration.ts';

/** The webhooks that an administrator makes, with a secret. */
const byAdministrator = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: { header: 'x-hub-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
  signed: ['body'],
});

/** The dynamic webhooks of an OAuth 2.0 app: a bearer token that is signed with the app's client secret, and says nothing of the body. */
const byApp = jwt({ in: 'bearer', key: { algorithm: 'HS256', secret: 'utf8' }, claims: {} });

/**
 * Jira's webhooks. Those with a secret: `X-Hub-Signature: sha256=<hex>`, the HMAC-SHA-256 of the raw body. The dynamic ones of an
 * OAuth 2.0 app: a token by HS256. The id of a delivery is in a header that is not signed.
 */
export const jira = defineProvider({
  name: 'jira',
  title: 'Jira',
  documents: { source: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: ({ webhook }) => (webhook === 'dynamic' ? byApp : byAdministrator),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {
    webhook: {
      type: 'choice',
      description:
        'The kind of webhook: `admin`, with a secret, or `dynamic`, of an OAuth 2.0 app, whose token does not cover the body.',
      choices: ['admin', 'dynamic'],
      default: 'admin',
    },
    ...jiraOptions,
  },
  api: jiraApi,
  registration: jiraRegistration,

  readEvents: (received) => ({
    key: received.header('x-atlassian-webhook-identifier'),
    type: readText(received.json.webhookEvent),
    time: readUnixMilliseconds(received.json.timestamp),
    unsignedId: true,
  }),

  sample: ({ id, now, type = 'jira:issue_updated' }) => ({
    headers: { 'x-atlassian-webhook-identifier': id },
    body: JSON.stringify({
      timestamp: now.getTime(),
      webhookEvent: type,
      issue: { id, key: 'EX-1', fields: { summary: 'Naïve ☕' } },
    }),
  }),
});
