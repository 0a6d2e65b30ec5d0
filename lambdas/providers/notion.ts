import { parseObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { ok } from '../core/result.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const SIGNATURE = 'x-notion-signature';

const signed = hmac({
  hash: 'sha256',
  key: 'utf8',
  signature: { header: SIGNATURE, encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
  signed: ['body'],
});

/** The key of a subscription comes in its first request, which nobody can have signed. It is let through only to wait in quarantine. */
const scheme: Scheme = {
  ...signed,
  read: (delivery, context) =>
    context.options.awaitToken === true && !delivery.headers.has(SIGNATURE) && tokenIn(delivery.body) !== undefined
      ? ok({ matches: (secret: string) => secret !== '' })
      : signed.read(delivery, context),
};

/**
 * Notion, by its page "Webhooks" and its SDK (5.26.0, `verifyWebhookSignature`): `X-Notion-Signature: sha256=<hex>`, the HMAC-SHA-256
 * of the raw body. The key is the verification token, which Notion sends to the URL once, in a request that is not signed.
 */
export const notion = defineProvider({
  name: 'notion',
  title: 'Notion',
  documents: { source: 'https://developers.notion.com/reference/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  attemptFields: ['attempt_number'],
  options: {
    awaitToken: {
      type: 'boolean',
      description:
        'Take the unsigned request that brings the verification token, and have it wait in quarantine. Needed while a subscription is created, and only then.',
      default: false,
    },
  },

  readEvents({ body, json }) {
    const token = tokenIn(body);
    if (token !== undefined) return { type: 'verification_token', quarantine: 'unexpected_notification' };
    return { key: readId(json.id), type: readText(json.type), time: parseIsoTime(json.timestamp) };
  },

  sample: ({ id, now, type = 'page.content_updated' }) =>
    JSON.stringify({
      ...{ id, timestamp: now.toISOString(), workspace_name: 'Naïve ☕', type, attempt_number: 1 },
      authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
      entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
    }),
});

/** The verification token of a body that is nothing else. */
function tokenIn(body: Buffer): string | undefined {
  const json = body.length < 1_000 ? parseObject(body) : undefined;
  return json && Object.keys(json).length === 1 ? readText(json.verification_token) : undefined;
}
