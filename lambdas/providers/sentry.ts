import { defineProvider } from '../core/provider.ts';
import { joinedType, splitType } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * Sentry's integration platform, by its page "Webhooks": `Sentry-Hook-Signature`, the HMAC-SHA-256 of the body, in hex. The page's
 * sample serialises the parsed body again; the bytes as they came are what is signed. The id and the resource come in headers that
 * are not signed.
 */
export const sentry = defineProvider({
  name: 'sentry',
  title: 'Sentry',
  documents: { source: 'https://docs.sentry.io/integrations/integration-platform/webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'sentry-hook-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  // No retry is published. A thousand timeouts in a day end the subscription.
  retryHorizonSeconds: 0,
  acknowledgeWithinMs: 1_000,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('request-id'),
    type: joinedType(received.header('sentry-hook-resource'), received.json.action),
    unsignedId: true,
  }),

  sample({ id, now, type = 'issue.created' }) {
    const [resource, action] = splitType(type);
    return {
      headers: {
        'request-id': id,
        'sentry-hook-resource': resource,
        'sentry-hook-timestamp': String(Math.floor(now.getTime() / 1000)),
      },
      body: JSON.stringify({
        action,
        installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
        data: { issue: { id, title: 'Say "naïve" ☕', status: 'unresolved' } },
        actor: { type: 'application', id: 'sentry', name: 'Sentry' },
      }),
    };
  },
});
