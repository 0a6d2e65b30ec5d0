import { readId, readText } from '../core/schemes/fields.ts';
import { readHeader, splitList } from '../core/schemes/headers.ts';
import { decodeHex, decodeMacs, hmac } from '../core/schemes/mac.ts';
import type { Provider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { areWithin, parseIsoTime, parseUnixTime } from '../core/schemes/time.ts';

const SIGNATURE = 'x-osigu-signature';
/** Bytes of an HMAC-SHA-256. */
const MAC_LENGTH = 32;
/** "More than 5 minutes off from now", either way. */
const REPLAY_WINDOW_SECONDS = 300;
const ENVIRONMENTS = ['production', 'sandbox'] as const;

/**
 * Osigu, by its document "Implement a webhook receiver": `t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`.
 * Several `v1` are so many signatures; schemes that are not `v1` are for others.
 */
export const osigu: Provider = {
  name: 'osigu',
  title: 'Osigu',
  methods: ['POST'],
  signatureHeaders: [SIGNATURE],
  rejectionStatus: 401,
  acknowledgeWithinMs: 10_000,
  retryHorizonSeconds: 72 * 3600,
  replayWindowSeconds: REPLAY_WINDOW_SECONDS,
  defaultWindowDays: 14,
  environments: ENVIRONMENTS,
  secretMadeBy: 'provider',
  options: {
    environment: {
      type: 'choice',
      description: 'The environment whose events are processed; one of another is acknowledged and quarantined.',
      choices: ENVIRONMENTS,
      default: ENVIRONMENTS[0],
    },
  },

  readClaim({ headers, body }, { now }) {
    const header = readHeader(headers, SIGNATURE, 'signature');
    if (!header.ok) return header;
    const parts = readParts(header.value);
    if (!parts) return refuse('malformed_signature');
    const { times, signatures } = parts;
    const t = times[0];
    if (t === undefined) return refuse('missing_timestamp');
    if (signatures.length === 0) return refuse('missing_signature');
    const macs = decodeMacs(signatures, decodeMac);
    if (!macs.ok) return macs;
    const time = times.length === 1 ? parseUnixTime(t) : undefined;
    if (!time) return refuse('malformed_timestamp');
    if (!areWithin(time, now, REPLAY_WINDOW_SECONDS)) return refuse('timestamp_out_of_window');
    // Signed is the text of `t`: a number would lose its leading zeros.
    return ok({ candidates: macs.value, mac: (secret) => hmac('sha256', secret, `${t}.`, body) });
  },

  sign({ body, secrets, now }) {
    const t = String(Math.floor(now.getTime() / 1000));
    const signatures = secrets.map((secret) => `v1=${hmac('sha256', secret, `${t}.`, body).toString('hex')}`);
    return { [SIGNATURE]: [`t=${t}`, ...signatures].join(',') };
  },

  readEnvelope(json, _body, { options }) {
    const expected = options.environment ?? ENVIRONMENTS[0];
    return {
      key: readId(json.event_id),
      type: readText(json.event_type),
      time: parseIsoTime(json.created_at),
      quarantine: (json.environment ?? expected) === expected ? undefined : 'wrong_environment',
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
};

const decodeMac = (text: string): Buffer | undefined => decodeHex(text, MAC_LENGTH);

/** What the header says with the schemes `t` and `v1`. */
interface Parts {
  readonly times: readonly string[];
  readonly signatures: readonly string[];
}

/** Reads the header's `scheme=value` parts; undefined where one of them is none. */
function readParts(header: string): Parts | undefined {
  const times: string[] = [];
  const signatures: string[] = [];
  for (const part of splitList(header)) {
    if (part.startsWith('v1=')) signatures.push(part.slice(3));
    else if (part.startsWith('t=')) times.push(part.slice(2));
    else if (!/^\w+=/.test(part)) return undefined;
  }
  return { times, signatures };
}
