import type { Answer } from '../../core/delivery.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { metriportApi, metriportApiOptions, metriportRequests } from './missed-events.ts';

/**
 * Metriport, by its page "Webhooks" and its server: `x-metriport-signature`, the HMAC-SHA-256 of the raw body, in hex. The key is
 * the text of the webhook key. It does not retry by itself: what failed is sent again on request, under the same id.
 */
export const metriport = defineProvider({
  name: 'metriport',
  title: 'Metriport',
  field: 'health',
  documents: { source: 'https://docs.metriport.com/medical-api/handling-data/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-metriport-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  acknowledgeWithinMs: 4_000,
  retryHorizonSeconds: 0,
  options: metriportApiOptions,
  api: metriportApi,
  missedEvents: metriportRequests,

  readEvents({ json }) {
    const meta = metaOf(json);
    return { key: readId(meta?.messageId), type: readText(meta?.type), time: parseIsoTime(meta?.when) };
  },

  handshakes: { signed: answerPing },

  sample: ({ id, now, type = 'medical.consolidated-data' }) =>
    JSON.stringify({
      meta: { messageId: id, when: now.toISOString(), type },
      patients: [{ patientId: '018a80c4-292a-7486-a1cb-76fc27e5d2ae', status: 'completed', note: 'naïve' }],
    }),
});

const metaOf = ({ meta }: JsonObject): JsonObject | undefined => (isObject(meta) ? meta : undefined);

/** The signed question whether the endpoint is ours: what is in `ping` comes back in `pong`. */
function answerPing({ json }: Received): Answer | undefined {
  if (metaOf(json)?.type !== 'ping') return undefined;
  const { ping } = json;
  const isPing = typeof ping === 'string' && /^[\w-]{1,100}$/.test(ping);
  return isPing ? { status: 200, body: { pong: ping } } : { status: 400, body: { error: 'malformed_request' } };
}
