import type { Options } from '../core/envelope.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';
import { token } from '../core/schemes/token.ts';

const SIGNED = standardWebhooksScheme('webhook');
const TOKEN = token({ in: { header: 'x-gitlab-token' } });

const isSigned = ({ signing }: Options): boolean => signing === 'signature';

/**
 * GitLab: with a signing token Standard Webhooks, as its merge requests 230944 and 231325 say; with the older secret token
 * `X-Gitlab-Token`, which proves the caller alone. The id and the type come in headers.
 */
export const gitlab = defineProvider({
  name: 'gitlab',
  title: 'GitLab',
  documents: { source: 'https://docs.gitlab.com/user/project/integrations/webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: (options): Scheme => (isSigned(options) ? SIGNED : TOKEN),
  secret: { madeBy: 'provider' },
  identity: (options) => (isSigned(options) ? 'signed header' : 'unsigned header'),
  rejectionStatus: 401,
  // Its times are not published; a webhook that fails again and again is disabled for a while.
  retryHorizonSeconds: 0,
  cutsOffAfterFailures: true,
  options: {
    signing: {
      type: 'choice',
      description:
        'The proof that the webhook sends: a secret `token` as it is, or a `signature` made with a signing token.',
      choices: ['token', 'signature'],
      default: 'token',
    },
  },

  readEvents: (received) => ({
    // If both are there, they are the same; a signature covers the first and always comes with it, a secret token neither.
    key: received.header('webhook-id') ?? received.header('idempotency-key'),
    type: readText(received.json.object_kind) ?? readText(received.json.event_name),
    unsignedId: !isSigned(received.options),
  }),

  sample: ({ id, now, type = 'push' }) => ({
    headers: { 'webhook-id': id, 'idempotency-key': id, 'x-gitlab-event': 'Push Hook' },
    body: JSON.stringify({
      object_kind: type,
      ref: 'refs/heads/main',
      user_name: 'Zoë',
      project: { id: 1, name: 'example' },
      commits: [{ id, message: 'Naïve ☕', timestamp: now.toISOString() }],
    }),
  }),
});
