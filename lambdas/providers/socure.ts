import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { parseIsoTime } from '../core/schemes/time.ts';
import { token } from '../core/schemes/token.ts';

/**
 * Socure's RiskOS, by its page "Webhooks": nothing is signed. Socure sends the bearer token that you enter, which proves the
 * caller alone.
 */
export const socure = defineProvider({
  name: 'socure',
  title: 'Socure',
  field: 'identity',
  documents: { source: 'https://help.socure.com/riskos/docs/troubleshoot-webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: token({ in: 'bearer' }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.event_id),
    type: readText(json.event_type),
    time: parseIsoTime(json.event_at),
  }),

  sample: ({ id, now, type = 'evaluation_completed' }) =>
    JSON.stringify({
      event_id: id,
      event_type: type,
      event_at: now.toISOString(),
      data: { eval_id: 'eval-example', decision: 'ACCEPT', note: 'naïve' },
    }),
});
