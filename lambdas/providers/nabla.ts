import { readId, readText } from '../core/schemes/fields.ts';
import { readHeader, splitList } from '../core/schemes/headers.ts';
import { decodeHex, decodeMacs, hmac } from '../core/schemes/mac.ts';
import type { Provider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { areWithin, parseIsoTime } from '../core/schemes/time.ts';

const SIGNATURE = 'x-nabla-webhook-signature';
const TIMESTAMP = 'x-nabla-webhook-timestamp';
/** Bytes of an HMAC-SHA-256. */
const MAC_LENGTH = 32;
/** The document allows 60 seconds of age; a clock that runs ahead of ours gets no more than one that runs behind. */
const REPLAY_WINDOW_SECONDS = 60;

/**
 * Nabla, by its document "Webhooks Setup": hex of the HMAC-SHA-256 of the timestamp header and the raw body, nothing between
 * them; one signature for each live secret, separated by commas.
 */
export const nabla: Provider = {
  name: 'nabla',
  title: 'Nabla',
  methods: ['POST'],
  signatureHeaders: [SIGNATURE, TIMESTAMP],
  rejectionStatus: 401,
  // "Until successful or after multiple failed attempts": no time is published.
  retryHorizonSeconds: 0,
  replayWindowSeconds: REPLAY_WINDOW_SECONDS,
  defaultWindowDays: 14,
  secretMadeBy: 'provider',
  options: {},

  readClaim({ headers, body }, { now }) {
    const signatures = readHeader(headers, SIGNATURE, 'signature');
    if (!signatures.ok) return signatures;
    const timestamp = readHeader(headers, TIMESTAMP, 'timestamp');
    if (!timestamp.ok) return timestamp;
    const macs = decodeMacs(splitList(signatures.value), (text) => decodeHex(text, MAC_LENGTH));
    if (!macs.ok) return macs;
    const time = parseIsoTime(timestamp.value);
    if (!time) return refuse('malformed_timestamp');
    if (!areWithin(time, now, REPLAY_WINDOW_SECONDS)) return refuse('timestamp_out_of_window');
    // Signed is the header's text, not the time that it stands for.
    return ok({ candidates: macs.value, mac: (secret) => hmac('sha256', secret, timestamp.value, body) });
  },

  sign({ body, secrets, now }) {
    const timestamp = now.toISOString();
    const signatures = secrets.map((secret) => hmac('sha256', secret, timestamp, body).toString('hex'));
    return { [SIGNATURE]: signatures.join(','), [TIMESTAMP]: timestamp };
  },

  readEnvelope: (json) => ({
    key: readId(json.id),
    type: readText(json.type),
    time: parseIsoTime(json.created_at),
  }),

  sample: ({ id, now, type = 'generate_note_async.succeeded' }) =>
    JSON.stringify({
      id,
      created_at: now.toISOString(),
      type,
      data: {
        id: `note-${id}`,
        client_request_id: null,
        status: 'succeeded',
        payload: {
          note: {
            title: 'Synthetic note, about nobody',
            sections: [
              { key: 'CHIEF_COMPLAINT', title: 'Chief complaint', text: '- None\n- Example text, naïve: 37 °C' },
            ],
          },
          suggested_dot_phrases: [],
        },
      },
    }),
};
