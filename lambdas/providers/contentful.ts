import type { Delivery } from '../core/delivery.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { ok, refuse } from '../core/result.ts';
import { readText } from '../core/schemes/fields.ts';
import { readHeader } from '../core/schemes/headers.ts';
import { decodeHex, DIGEST_BYTES, hmac, isOneOf } from '../core/schemes/mac.ts';
import { registeredUrl } from '../core/schemes/parts.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { areWithin, parseIsoTime, parseUnixMilliseconds } from '../core/schemes/time.ts';

const [SIGNATURE, TIMESTAMP, SIGNED, TOPIC] = [
  'x-contentful-signature',
  'x-contentful-timestamp',
  'x-contentful-signed-headers',
  'x-contentful-topic',
] as const;
const TOLERANCE_SECONDS = 30;
const MAX_HEADERS = 50;

/**
 * The HMAC-SHA-256 of the method, the path, the headers that a header lists, and the body, in hex. The list is among the headers that
 * are signed, and so is the time.
 */
const scheme: Scheme = {
  title: 'HMAC-SHA-256 of the method, the path, some headers and the body, hex',
  coverage: 'body',
  headers: [
    { name: SIGNATURE, carries: 'signature' },
    { name: TIMESTAMP, carries: 'timestamp' },
    { name: SIGNED, carries: 'part' },
    { name: TOPIC, carries: 'part', optional: true },
  ],
  signsUrl: true,
  replayWindowSeconds: TOLERANCE_SECONDS,

  read(delivery, { now, options }) {
    const [text, names, time] = [
      readHeader(delivery.headers, SIGNATURE, 'signature'),
      readHeader(delivery.headers, SIGNED, 'signature'),
      readHeader(delivery.headers, TIMESTAMP, 'timestamp'),
    ];
    if (!text.ok) return text;
    if (!names.ok) return names;
    if (!time.ok) return time;
    const mac = decodeHex(text.value, DIGEST_BYTES.sha256);
    const lines = mac && linesOf(delivery, names.value);
    if (!mac || !lines) return refuse('malformed_signature');
    const sentAt = parseUnixMilliseconds(time.value);
    if (!sentAt) return refuse('malformed_timestamp');
    if (!areWithin(sentAt, now, TOLERANCE_SECONDS)) return refuse('timestamp_out_of_window');
    const before = `${delivery.method}\n${pathOf(registeredUrl(delivery, options))}\n${lines}\n`;
    return ok({
      matches: (secret: string) => secret !== '' && isOneOf([mac], hmac('sha256', secret, before, delivery.body)),
    });
  },

  sign({ url, body, secrets: [secret], now, method = 'POST', headers = {} }) {
    const names = [...Object.keys(headers), SIGNED, TIMESTAMP].sort();
    const own = { [SIGNED]: names.join(','), [TIMESTAMP]: String(now.getTime()) };
    const all = new Map(Object.entries({ ...headers, ...own }).map(([name, value]) => [name, [value]]));
    const before = `${method}\n${pathOf(url)}\n${linesOf({ headers: all }, own[SIGNED]) ?? ''}\n`;
    return { headers: { ...own, [SIGNATURE]: hmac('sha256', secret, before, body).toString('hex') } };
  },

  accepts: (secret) => secret !== '',
  secretFrom: (seed) => ({ stored: seed, signing: seed }),
};

/**
 * Contentful, by its page "Request verification" and its toolkit (3.16.1, `verifyRequest`). A list of headers says which of them are
 * signed, in their order.
 */
export const contentful = defineProvider({
  name: 'contentful',
  title: 'Contentful',
  documents: {
    source: 'https://www.contentful.com/developers/docs/webhooks/request-verification/',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {
    publicUrl: {
      type: 'url',
      description:
        "The webhook's URL as Contentful has it; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  readEvents(received) {
    const { json, body } = received;
    // As it is signed: a blank that the signature does not see must not make another event.
    const topic = received.header(TOPIC)?.trim();
    const sys = isObject(json.sys) ? json.sys : {};
    return {
      // The bodies of two topics can be the same. A topic that is not signed says nothing: anybody could change it.
      key: keyOfBody(sha256(isSigned(TOPIC, received) ? Buffer.concat([Buffer.from(`${topic ?? ''}\n`), body]) : body)),
      type: topic ?? readText(sys.type),
      time: parseIsoTime(sys.updatedAt),
    };
  },

  sample: ({ id, now, type = 'ContentManagement.Entry.publish' }) => ({
    headers: { [TOPIC]: type, 'content-type': 'application/vnd.contentful.management.v1+json' },
    body: JSON.stringify({
      sys: { type: 'Entry', id, version: 7, revision: 2, updatedAt: now.toISOString() },
      fields: { title: { 'en-US': 'Naïve ☕' } },
    }),
  }),
});

const isSigned = (name: string, received: Received): boolean => namesIn(received.header(SIGNED) ?? '').includes(name);

const namesIn = (list: string): string[] => list.split(',').map((name) => name.trim().toLowerCase());

/** The signed headers, sorted by name; undefined if the list is not one, or names a header that is not there once. */
function linesOf({ headers }: Pick<Delivery, 'headers'>, list: string): string | undefined {
  const names = namesIn(list);
  const isList = names.length <= MAX_HEADERS && new Set(names).size === names.length;
  if (!isList || ![SIGNED, TIMESTAMP].every((name) => names.includes(name))) return undefined;
  const values = names.sort().map((name) => {
    const found = headers.get(name) ?? [];
    return found.length === 1 ? `${name}:${found[0]?.trim() ?? ''}` : undefined;
  });
  // A value that reads like another header could be cut into two.
  const isCut = values.some((value) => names.some((name) => value?.includes(`;${name}:`)));
  return isCut || values.includes(undefined) ? undefined : values.join(';');
}

/** The path as it is signed: escaped once more, and its query twice. */
function pathOf(url: string): string {
  const { pathname = '/', search = '' } = URL.parse(url) ?? {};
  const [query] = search.slice(1).split('?');
  return encodeURI(query ? `${pathname}?${encodeURIComponent(query)}` : pathname);
}
