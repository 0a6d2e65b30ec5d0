import { EACH, eachOf } from '../core/batch.ts';
import type { Answer, Delivery } from '../core/delivery.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { joinedType, splitType } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const SECRET = 'x-hook-secret';

/**
 * Asana, by its page "Webhooks": `X-Hook-Signature`, the HMAC-SHA-256 of the raw body, in hex. One delivery carries many events, or
 * none: that is a heartbeat. Asana makes the secret: it is in the answer to the call that creates the webhook, and in a first POST,
 * whose header has to come back.
 */
export const asana = defineProvider({
  name: 'asana',
  title: 'Asana',
  documents: { source: 'https://developers.asana.com/docs/webhooks-guide', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hook-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  batches: true,
  rejectionStatus: 401,
  retryHorizonSeconds: 86_400,
  acknowledgeWithinMs: 10_000,
  options: {
    answerHandshake: {
      type: 'boolean',
      description:
        'Answer a POST that carries an `X-Hook-Secret` by sending it back. Needed while a webhook is created.',
      default: true,
    },
  },

  readEvents: eachOf(['events', EACH], (event, _received, _pointer, text) => ({
    key: keyOfBody(sha256(text)),
    type: joinedType(resourceType(event), event.action),
    time: parseIsoTime(event.created_at),
  })),

  handshakes: {
    echo: (delivery, { options }) => (options.answerHandshake === true ? sendBackSecret(delivery) : undefined),
  },

  sample({ id, now, type = 'task.changed' }) {
    const [resource, action] = splitType(type);
    const user = { gid: '12345', resource_type: 'user' };
    const event = { user, created_at: now.toISOString(), action, resource: { gid: id, resource_type: resource } };
    return JSON.stringify({ events: [{ ...event, parent: null }] });
  },
});

const resourceType = ({ resource }: JsonObject): unknown => (isObject(resource) ? resource.resource_type : undefined);

/** Nothing is stored of it: a stranger who sends a secret has it sent back, and no more. */
function sendBackSecret({ headers }: Delivery): Answer | undefined {
  const secrets = headers.get(SECRET);
  if (!secrets || headers.has('x-hook-signature')) return undefined;
  const [secret = ''] = secrets;
  const isSecret = secrets.length === 1 && /^[\w-]{16,128}$/.test(secret);
  return isSecret
    ? { status: 200, headers: { [SECRET]: secret } }
    : { status: 400, body: { error: 'malformed_request' } };
}
