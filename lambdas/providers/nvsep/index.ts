import { readId, readText } from '../../core/schemes/fields.ts';
import { readHeader } from '../../core/schemes/headers.ts';
import { decodeBase64, decodeHex, decodeMacs, hmac } from '../../core/schemes/mac.ts';
import type { Provider } from '../../core/provider.ts';
import type { JsonObject } from '../../core/json.ts';
import { ok } from '../../core/result.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { EXCLUSION_CREATED, nvsepApi, nvsepApiOptions, nvsepExclusions } from './exclusions.ts';

/** The document misspells it once, as `x-nvsep-hmac-256`. */
const SIGNATURE = 'x-nvsep-hmac-sha256';
/** Bytes of an HMAC-SHA-256. */
const MAC_LENGTH = 32;

/**
 * The National Voluntary Self-Exclusion Program, by its document "Webhooks": base64 of the HMAC-SHA-256 of the raw body.
 * Another page of theirs shows the header in hex; 44 and 64 characters cannot be mistaken for one another.
 */
export const nvsep: Provider = {
  name: 'nvsep',
  title: 'NVSEP',
  methods: ['POST'],
  signatureHeaders: [SIGNATURE],
  rejectionStatus: 401,
  // They list waits of 60, 60, 300, 900, 3,600 and 7,200 minutes: 8.4 days in all.
  retryHorizonSeconds: 12_120 * 60,
  // The subscription is removed after failures within 24 hours.
  cutsOffAfterFailures: true,
  defaultWindowDays: 365,
  secretMadeBy: 'provider',
  options: nvsepApiOptions,
  api: nvsepApi,
  missedEvents: nvsepExclusions,

  readClaim({ headers, body }) {
    const header = readHeader(headers, SIGNATURE, 'signature');
    if (!header.ok) return header;
    const macs = decodeMacs([header.value], (text) => decodeBase64(text, MAC_LENGTH) ?? decodeHex(text, MAC_LENGTH));
    if (!macs.ok) return macs;
    return ok({ candidates: macs.value, mac: (secret) => hmac('sha256', secret, body) });
  },

  sign: ({ body, secrets: [secret] }) => ({ [SIGNATURE]: hmac('sha256', secret, body).toString('base64') }),

  readEnvelope(json) {
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
};
