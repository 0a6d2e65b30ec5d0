import { BYTES, FORM, OBJECT, readForm } from '../core/content.ts';
import type { Options } from '../core/envelope.ts';
import { keyOfBody, keyOfSending } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmacScheme } from '../core/schemes/hmac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { token } from '../core/schemes/token.ts';
import { GENERIC_OPTIONS } from './generic-options.ts';

/**
 * A sender that is not in the catalogue, and signs as most do: an HMAC of the body, or of a timestamp and the body; or that has
 * a token, HTTP Basic or a header of its own. A sender that its options cannot describe is a provider of your own
 * (docs/adding-a-provider.md).
 */
export const generic = defineProvider({
  name: 'generic',
  title: 'Generic',
  documents: {
    source: 'docs/providers/generic.md: its options are what the sender documents',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: schemeFor,
  secret: { madeBy: 'provider' },
  identity: ({ identity, idHeader }) =>
    identity === 'body hash' ? 'none' : typeof idHeader === 'string' ? 'unsigned header' : 'body',
  content: [OBJECT, FORM, BYTES],
  attemptFields: ({ attemptFields }) => (typeof attemptFields === 'string' ? attemptFields.split(/, ?/) : []),
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: GENERIC_OPTIONS,

  readEvents(received) {
    const { typeHeader, typeField = 'type' } = received.options;
    const type = typeof typeHeader === 'string' ? received.header(typeHeader) : fieldOf(received, String(typeField));
    return { ...identityOf(received), type: readText(type) };
  },

  sample: ({ id, now, type = 'thing.created', options = {} }) => {
    const { idHeader, idField = 'id', typeHeader, typeField = 'type' } = options;
    const headers = [
      ...(typeof idHeader === 'string' ? [[idHeader, id] as const] : []),
      ...(typeof typeHeader === 'string' ? [[typeHeader, type] as const] : []),
    ];
    const fields = Object.assign(nested(String(idField), id), nested(String(typeField), type));
    return {
      headers: Object.fromEntries(headers),
      body: JSON.stringify({ ...fields, time: now.toISOString(), note: 'naïve ☕' }),
    };
  },
});

function schemeFor(options: Options): Scheme {
  const { header = 'x-signature' } = options;
  if (options.scheme === 'basic' || options.scheme === 'bearer') return token({ in: options.scheme });
  if (options.scheme === 'header') return token({ in: { header: String(header) } });
  const { timestampHeader, separator = '.' } = options;
  const text = separator === 'none' ? '' : String(separator);
  const signature = {
    header: String(header),
    encoding: choice(options.encoding, ['hex', 'base64', 'base64url']),
    form: plain({ prefix: String(options.prefix ?? '') }),
  };
  const common = {
    hash: choice(options.hash, ['sha256', 'sha1', 'sha512']),
    key: choice(options.key, ['utf8', 'hex', 'base64']),
    signature,
  };
  if (typeof timestampHeader !== 'string') return hmacScheme({ ...common, signed: ['body'] });
  const { toleranceSeconds = 300 } = options;
  const unit = choice(options.timestampUnit, ['s', 'ms', 'iso']);
  return hmacScheme({
    ...common,
    timestamp: { header: timestampHeader, unit, toleranceSeconds: Number(toleranceSeconds) },
    signed: ['timestamp', ...(text === '' ? [] : [{ text }]), 'body'],
  });
}

/** The configuration has checked the value; the first choice is the default. */
const choice = <const Value extends string>(value: unknown, [first, ...others]: readonly [Value, ...Value[]]): Value =>
  others.find((one) => one === value) ?? first;

/** By the header or the field that the options name; by the whole body if they say so. */
function identityOf(received: Received) {
  const { idHeader, idField = 'id', identity } = received.options;
  if (identity === 'body hash') return { key: keyOfBody(sha256(received.body)) };
  if (identity === 'body hash and timestamp') return { key: keyOfSending(sha256(received.body), signedTime(received)) };
  if (typeof idHeader === 'string') return { key: received.header(idHeader), unsignedId: true };
  return { key: readId(fieldOf(received, String(idField))) };
}

/** The timestamp as it came; empty if none is signed, because anybody could then make the same body another event. */
const signedTime = ({ headers, options: { scheme = 'hmac', timestampHeader } }: Received): string =>
  scheme === 'hmac' && typeof timestampHeader === 'string'
    ? (headers.get(timestampHeader.toLowerCase())?.[0] ?? '')
    : '';

/** The value at a path such as `data.id`; of a form the field of that name. */
function fieldOf({ body, value }: Received, path: string): unknown {
  if (value === undefined) return readForm(body)?.get(path)?.[0];
  return path.split('.').reduce((inner: unknown, name) => (isObject(inner) ? inner[name] : undefined), value);
}

function nested(path: string, value: string): Record<string, unknown> {
  const [first = '', ...rest] = path.split('.');
  return { [first]: rest.length === 0 ? value : nested(rest.join('.'), value) };
}
