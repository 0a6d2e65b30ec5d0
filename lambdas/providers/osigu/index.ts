import { defineProvider } from '../../core/provider.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { pairs } from '../../core/schemes/pairs.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { osiguApi, osiguApiOptions, osiguRegistration } from './registration.ts';

const ENVIRONMENTS = ['production', 'sandbox'] as const;

/**
 * Osigu, by its document "Implement a webhook receiver": `t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`.
 * Several `v1` are so many signatures; schemes that are not `v1` are for others.
 */
export const osigu = defineProvider({
  name: 'osigu',
  title: 'Osigu',
  field: 'health',
  documents: { source: 'its document "Implement a webhook receiver"', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'x-osigu-signature',
      encoding: 'hex',
      form: pairs({ timestamp: 't', signature: 'v1' }),
    },
    // "More than 5 minutes off from now", either way.
    timestamp: { unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  acknowledgeWithinMs: 10_000,
  retryHorizonSeconds: 72 * 3600,
  environments: ENVIRONMENTS,
  options: {
    ...osiguApiOptions,
    environment: {
      type: 'choice',
      description:
        'The environment whose events are processed; events of another one are acknowledged and quarantined.',
      choices: ENVIRONMENTS,
      default: ENVIRONMENTS[0],
    },
  },

  api: osiguApi,
  registration: osiguRegistration,

  readEvents({ json, options }) {
    const expected = options.environment ?? ENVIRONMENTS[0];
    // Their document shows bodies without the field; one that has it and names no environment is not one of those.
    const isExpected = json.environment === undefined || json.environment === expected;
    return {
      key: readId(json.event_id),
      type: readText(json.event_type),
      time: parseIsoTime(json.created_at),
      quarantine: isExpected ? undefined : 'wrong_environment',
    };
  },

  sample: ({ id, now, type = 'authorization.created', options }) =>
    JSON.stringify({
      event_id: `evt_${id}`,
      event_type: type,
      created_at: now.toISOString(),
      api_version: '2026-01-01',
      environment: options?.environment ?? ENVIRONMENTS[0],
      data: { authorization_id: `auth_${id}`, status: 'created', note: 'Synthetic: José Núñez' },
      provider: { provider_id: 'prov_example', provider_slug: 'example-clinic' },
    }),
});
