import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Jira's webhooks with a secret: `X-Hub-Signature: sha256=<hex>`, the HMAC-SHA-256 of the raw body. The id of a delivery is in
 * a header that is not signed. Connect apps, whose token covers no body, are something else.
 */
export const jira = defineProvider({
  name: 'jira',
  title: 'Jira',
  documents: { source: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hub-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

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
