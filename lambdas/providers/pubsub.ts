import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { jwks } from '../core/schemes/jwks.ts';
import { jwt } from '../core/schemes/jwt.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const HOUR = 3600;
const EXAMPLE = {
  serviceAccount: 'push@example-project.iam.gserviceaccount.com',
  audience: 'https://hooks.example.com/webhooks/pubsub',
} as const;

const messageOf = ({ message }: JsonObject): JsonObject => (isObject(message) ? message : {});

/**
 * Google Cloud Pub/Sub's push subscriptions, by its page "Authentication for push subscriptions": a bearer token by RS256, of an hour,
 * that Google signs for the service account of the subscription. Everybody can have a token of some service account, so it must be the
 * source's own, and made for the source's audience. Nothing of the body is covered.
 */
export const pubsub = defineProvider({
  name: 'pubsub',
  title: 'Google Cloud Pub/Sub',
  documents: {
    source: 'https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: jwt({
    in: 'bearer',
    key: { algorithm: 'RS256', fetch: jwks('https://www.googleapis.com/oauth2/v3/certs') },
    claims: {
      issuer: 'https://accounts.google.com',
      maxAgeSeconds: HOUR,
      others: { email_verified: () => true },
      parts: {
        email: { part: 'serviceAccount', example: EXAMPLE.serviceAccount },
        aud: { part: 'audience', example: EXAMPLE.audience },
      },
    },
  }),
  secret: {
    madeBy: 'provider',
    parts: {
      serviceAccount: {
        description: 'the e-mail address of the service account of the push subscription',
        pattern: /^[^@\s]{1,100}@[\w.-]{1,200}$/,
        example: EXAMPLE.serviceAccount,
      },
      audience: {
        description: 'the audience of the push subscription',
        example: EXAMPLE.audience,
      },
    },
  },
  identity: 'body',
  rejectionStatus: 401,
  // A message is kept for seven days, unless the subscription says otherwise.
  retryHorizonSeconds: 7 * 24 * HOUR,
  attemptFields: ['deliveryAttempt'],
  options: {
    typeAttribute: {
      type: 'string',
      description: 'The attribute of a message that is its type; a message without it is of the type `message`.',
      pattern: /^[\w.-]{1,256}$/,
      default: 'eventType',
    },
  },

  readEvents({ json, options }) {
    const message = messageOf(json);
    const attributes = isObject(message.attributes) ? message.attributes : {};
    const key = readId(message.messageId);
    return {
      key,
      type: readText(attributes[String(options.typeAttribute)]) ?? (key === undefined ? undefined : 'message'),
      time: parseIsoTime(message.publishTime),
    };
  },

  sample: ({ id, now, type = 'OBJECT_FINALIZE' }) =>
    JSON.stringify({
      message: {
        ...{ attributes: { eventType: type }, data: Buffer.from('{"name":"naïve ☕"}').toString('base64') },
        ...{ messageId: id, publishTime: now.toISOString() },
      },
      deliveryAttempt: 1,
      subscription: 'projects/example-project/subscriptions/push',
    }),
});
