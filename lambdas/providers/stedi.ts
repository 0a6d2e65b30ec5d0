import type { Options } from '../core/envelope.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';
import { token } from '../core/schemes/token.ts';

const BEARER = token({ in: 'bearer' });
const BASIC = token({ in: 'basic' });

/**
 * Stedi's webhooks for transactions, by its page "Configure webhooks": nothing is signed. Stedi sends a bearer token, or HTTP
 * Basic, as a credential set says, which proves the caller alone.
 */
export const stedi = defineProvider({
  name: 'stedi',
  title: 'Stedi',
  field: 'health',
  documents: { source: 'https://www.stedi.com/docs/healthcare/configure-webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: ({ credential }: Options): Scheme => (credential === 'basic' ? BASIC : BEARER),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {
    credential: {
      type: 'choice',
      description: 'The form of the credential set: a bearer token, or a user and a password.',
      choices: ['bearer', 'basic'],
      default: 'bearer',
    },
  },

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json['detail-type']),
    time: parseIsoTime(json.time),
  }),

  sample: ({ id, now, type = 'transaction.processed.v2' }) =>
    JSON.stringify({
      version: '0',
      id,
      'detail-type': type,
      source: 'stedi.core',
      time: now.toISOString(),
      detail: { transactionId: 'transaction-example', direction: 'INBOUND', payer: 'Café' },
    }),
});
