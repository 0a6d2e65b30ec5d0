import { FORM, OBJECT, readForm } from '../core/content.ts';
import type { Answer, Delivery } from '../core/delivery.ts';
import type { Envelope } from '../core/envelope.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject, parseObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * Slack, by its page "Verifying requests from Slack" and Bolt (5.1.0): `X-Slack-Signature: v0=<hex>`, the HMAC-SHA-256 of
 * `v0:<timestamp>:<raw body>`. The secret looks like hex and is not decoded.
 */
export const slack = defineProvider({
  name: 'slack',
  title: 'Slack',
  documents: {
    source: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-slack-signature', encoding: 'hex', form: plain({ prefix: 'v0=' }) },
    timestamp: { header: 'x-slack-request-timestamp', unit: 's', toleranceSeconds: 300 },
    signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  // Events are JSON; slash commands and interactions are forms.
  content: [OBJECT, FORM],
  rejectionStatus: 401,
  acknowledgeWithinMs: 3_000,
  // Three retries within six minutes; hourly for a day if an app has asked for delayed events.
  retryHorizonSeconds: 86_400,
  options: {},

  readEvents,
  handshakes: { echo: answerCertificateCheck, signed: answerChallenge },

  sample: ({ id, now, type = 'app_mention' }) =>
    JSON.stringify({
      type: 'event_callback',
      team_id: 'T0EXAMPLE',
      api_app_id: 'A0EXAMPLE',
      event_id: `Ev${id}`,
      event_time: Math.floor(now.getTime() / 1000),
      event: { type, user: 'U0EXAMPLE', text: 'Hello, naïve ☕', channel: 'C0EXAMPLE' },
    }),
});

function readEvents({ json, body }: Received): Envelope {
  const form = readForm(body);
  if (form) return readInteraction(form, body);
  const { event } = json;
  // A notification about the app itself, such as "app_rate_limited", has a type of its own and no id.
  const own = event === undefined ? readText(json.type) : undefined;
  if (json.event_id === undefined && own !== undefined) return { key: keyOfBody(sha256(body)), type: own };
  return {
    key: readId(json.event_id),
    type: readText(isObject(event) ? event.type : undefined),
    time: readUnixTime(json.event_time),
  };
}

/** A slash command or an interaction has no id: its timestamp is signed, so it is not sent twice with the same body by a stranger. */
function readInteraction(form: ReadonlyMap<string, readonly string[]>, body: Buffer): Envelope {
  const payload = parseObject(Buffer.from(form.get('payload')?.[0] ?? ''));
  const type = readText(payload?.type) ?? (form.has('command') ? 'slash_command' : undefined);
  return { key: keyOfBody(sha256(body)), type };
}

/** The question whether the URL's certificate is good: a form, which Slack's own library does not expect to be signed. */
function answerCertificateCheck({ method, body }: Delivery): Answer | undefined {
  const form = method === 'POST' && body.length < 1_000 ? readForm(body) : undefined;
  const isCheck = form?.get('ssl_check')?.[0] === '1' && !form.has('command') && !form.has('payload');
  return isCheck ? { status: 200 } : undefined;
}

/** The signed question whether the URL is ours: the challenge comes back as text. */
function answerChallenge({ json }: Received): Answer | undefined {
  if (json.type !== 'url_verification') return undefined;
  const { challenge } = json;
  const isChallenge = typeof challenge === 'string' && /^[\w.~+/=-]{1,500}$/.test(challenge);
  return isChallenge ? { status: 200, body: challenge } : { status: 400, body: { error: 'malformed_request' } };
}
