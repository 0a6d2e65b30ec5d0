import { defineProvider } from '../core/provider.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readIsoTime } from '../core/schemes/time.ts';

/**
 * Bitbucket, Cloud and Data Center, by its page "Manage webhooks": `X-Hub-Signature: sha256=<hex>`, the HMAC-SHA-256 of the raw
 * body. Id and type come in headers that are not signed.
 */
export const bitbucket = defineProvider({
  name: 'bitbucket',
  title: 'Bitbucket',
  documents: {
    source: 'https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html',
    confidence: 'confirmed',
  },
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
    // Cloud has the first, Data Center the second.
    key: received.header('x-request-uuid') ?? received.header('x-request-id'),
    type: received.header('x-event-key'),
    // Of Data Center; Cloud states none.
    time: readIsoTime(received.json.date),
    unsignedId: true,
  }),

  sample: ({ id, now, type = 'repo:push' }) => ({
    headers: { 'x-request-uuid': id, 'x-event-key': type },
    body: JSON.stringify({
      actor: { display_name: 'Zoë' },
      repository: { name: 'example', full_name: 'octo/example' },
      push: { changes: [{ new: { name: 'main', target: { hash: 'f'.repeat(40), date: now.toISOString() } } }] },
      note: id,
    }),
  }),
});
