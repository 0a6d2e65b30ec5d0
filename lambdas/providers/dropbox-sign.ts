import { MULTIPART, readMultipart } from '../core/content.ts';
import type { Envelope } from '../core/envelope.ts';
import { derivedKey } from '../core/event-key.ts';
import { isObject, parseObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readIdText, readText } from '../core/schemes/fields.ts';
import { inBodyHmac } from '../core/schemes/in-body.ts';
import type { InBody } from '../core/schemes/in-body.ts';
import { parseUnixTime } from '../core/schemes/time.ts';

const BOUNDARY = 'hookgate-sample-boundary';

/**
 * Dropbox Sign, by its SDK (1.11.0, `EventCallbackHelper`): a multipart form whose field `json` holds the event. `event.event_hash`
 * is the HMAC-SHA-256 of `event.event_time` and `event.event_type`, in hex, and covers nothing else. The key is the API key. Any
 * answer but its own fixed text is a failure.
 */
export const dropboxSign = defineProvider({
  name: 'dropbox-sign',
  title: 'Dropbox Sign',
  documents: { source: 'https://developers.hellosign.com/docs/events/walkthrough/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: inBodyHmac({ hash: 'sha256', of: 'time and type', read: readSignature, write: writeSignature }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  content: [MULTIPART],
  rejectionStatus: 401,
  // With exponential backoff, for about three days.
  retryHorizonSeconds: 3 * 86_400,
  options: {},

  readEvents,
  acknowledge: () => ({ status: 200, body: 'Hello API Event Received' }),

  sample({ id, now, type = 'signature_request_sent' }) {
    const time = String(Math.floor(now.getTime() / 1000));
    const json = JSON.stringify({
      event: { event_time: time, event_type: type, event_hash: '', event_metadata: { related_signature_id: null } },
      signature_request: { signature_request_id: id, title: 'NDA, naïve ☕' },
    });
    const head = 'Content-Disposition: form-data; name="json"';
    return {
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: `--${BOUNDARY}\r\n${head}\r\n\r\n${json}\r\n--${BOUNDARY}--\r\n`,
    };
  },
});

/** The bytes of the field `json`. */
const fieldOf = (body: Buffer): Buffer | undefined => readMultipart(body)?.find(({ name }) => name === 'json')?.content;

const eventOf = (json: JsonObject | undefined): JsonObject => (isObject(json?.event) ? json.event : {});

/**
 * An event has no id: its key is made of what it is about. The boundary of the form is another one in each attempt, so the event is
 * the field, and not the form.
 */
function readEvents({ body }: Received): Envelope {
  const field = fieldOf(body);
  const json = field && parseObject(field);
  if (!json) return { quarantine: 'not_json' };
  const event = eventOf(json);
  const { event_type: type, event_time: time } = event;
  const about = [json.signature_request, json.template, json.account, event.event_metadata].flatMap((part) =>
    isObject(part) ? [part.signature_request_id, part.template_id, part.account_id, part.related_signature_id] : [],
  );
  const start = field.byteOffset - body.byteOffset;
  return {
    key: derivedKey('callback', [type, time, ...about].flatMap((part) => readIdText(part) ?? []).join(' ')),
    type: readText(type),
    time: typeof time === 'string' ? parseUnixTime(time) : undefined,
    quarantine: readText(type) === undefined ? 'no_event_type' : undefined,
    at: [start, start + field.length],
  };
}

function readSignature(body: Buffer): InBody | undefined {
  const field = fieldOf(body);
  const { event_time: time, event_type: type, event_hash: signature } = eventOf(field && parseObject(field));
  // The time is digits and the type is none, so that nothing can be moved between them.
  if (typeof time !== 'string' || !/^\d{1,12}$/.test(time)) return undefined;
  if (typeof type !== 'string' || !/^[a-z]/.test(type) || typeof signature !== 'string') return undefined;
  return { signed: time + type, signatures: [signature] };
}

function writeSignature(body: Buffer, sign: (text: string) => string): Buffer {
  const field = fieldOf(body);
  const json = field && parseObject(field);
  if (!json) return body;
  const event = eventOf(json);
  const hash = sign([event.event_time, event.event_type].map((part) => readText(part) ?? '').join(''));
  const start = field.byteOffset - body.byteOffset;
  const signed = Buffer.from(JSON.stringify({ ...json, event: { ...event, event_hash: hash } }));
  return Buffer.concat([body.subarray(0, start), signed, body.subarray(start + field.length)]);
}
