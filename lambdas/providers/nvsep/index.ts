import type { JsonObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { EXCLUSION_CREATED, nvsepApi, nvsepApiOptions, nvsepExclusions } from './exclusions.ts';

/**
 * The National Voluntary Self-Exclusion Program, by its document "Webhooks": base64 of the HMAC-SHA-256 of the raw body.
 * Another page of theirs shows the header in hex; 44 and 64 characters cannot be mistaken for one another.
 */
export const nvsep = defineProvider({
  name: 'nvsep',
  title: 'NVSEP',
  field: 'identity',
  documents: { source: 'its document "Webhooks"', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    // The document misspells the header once, as `x-nvsep-hmac-256`.
    signature: { header: 'x-nvsep-hmac-sha256', encoding: ['base64', 'hex'] },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // They list waits of 60, 60, 300, 900, 3,600 and 7,200 minutes: 8.4 days in all.
  retryHorizonSeconds: 12_120 * 60,
  // The subscription is removed after failures within 24 hours.
  cutsOffAfterFailures: true,
  options: nvsepApiOptions,
  api: nvsepApi,
  missedEvents: nvsepExclusions,

  readEvents({ json }) {
    const type = readText(json.type);
    const { id } = (json.data ?? {}) as Partial<JsonObject>;
    return {
      key: readId(json.id),
      type,
      time: parseIsoTime(json.createdAt),
      // The list has exclusions and no events.
      reconcileKey: type === EXCLUSION_CREATED ? readId(id) : undefined,
    };
  },

  sample: ({ id, now, type = EXCLUSION_CREATED }) =>
    JSON.stringify({
      id,
      type,
      createdAt: now.toISOString(),
      version: '1.0',
      data: {
        createdAt: now.toISOString(),
        createdByOrg: { id: 'org-example', name: 'Example Gaming, Inc.' },
        endDate: '2031-12-31',
        id: `exclusion-${id}`,
        player: {
          hashes: [{ createdAt: now.toISOString(), hash1: 'synthetic-1', hash2: 'synthetic-2', hash3: 'synthetic-3' }],
        },
        startDate: '2026-01-01',
      },
    }),
});
