import { z } from 'zod';
import { toDelivery } from '../../lambdas/adapters/api-gateway.ts';
import type { Delivery } from '../../lambdas/core/delivery.ts';
import { OperatorError } from '../operator-error.ts';

/** The parts of a saved request; a part that it does not say is undefined. */
export interface SavedRequest {
  readonly method?: string | undefined;
  /** Absolute, or a path. */
  readonly url?: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | undefined;
}

/** Reads a saved request: a raw HTTP request, the output of `curl -v`, a HAR file, or API Gateway's event. */
export function readRequest(bytes: Buffer): SavedRequest {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (/^\s*\{/.test(text)) return readJson(text);
  return /^> [A-Z]+ \S+/m.test(text) ? readCurl(text) : readRaw(bytes);
}

const REQUEST_LINE = /^([A-Z]{3,10}) (\S+)(?: HTTP\/[\d.]+)?$/;

/** The head ends at the first empty line; the body is what follows, as long as Content-Length says if it says so. */
function readRaw(bytes: Buffer): SavedRequest {
  const text = bytes.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const head = (end ? text.slice(0, end.index) : text).split(/\r?\n/);
  const [, method, url] = REQUEST_LINE.exec(head[0] ?? '') ?? [];
  const headers = readHeaders(method === undefined ? head : head.slice(1));
  const rest = end ? bytes.subarray(end.index + end[0].length) : Buffer.alloc(0);
  const length = Number(headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? NaN);
  // An editor adds a line break that was not sent.
  const body = Number.isSafeInteger(length) && length < rest.length ? rest.subarray(0, length) : rest;
  return { method, url, headers, body };
}

/** Lines `Name: value`, one header each. Throws an OperatorError for anything else. */
export function readHeaders(lines: readonly string[]): [string, string][] {
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw new OperatorError('The request cannot be read: a header must be a line such as "Name: value".');
      return [name, value];
    });
}

/** Lines that curl sent start with `> `. It prints no body: that comes with --body. */
function readCurl(text: string): SavedRequest {
  const sent = text.split(/\r?\n/).flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []));
  const [, method, url] = REQUEST_LINE.exec(sent[0] ?? '') ?? [];
  return { method, url, headers: readHeaders(sent.slice(1)) };
}

const Pair = z.looseObject({ name: z.string(), value: z.string() });
const Har = z.looseObject({
  log: z.looseObject({
    entries: z.array(
      z.looseObject({
        request: z.looseObject({
          method: z.string(),
          url: z.string(),
          headers: z.array(Pair),
          postData: z.looseObject({ text: z.string().optional(), encoding: z.string().optional() }).optional(),
        }),
      }),
    ),
  }),
});
const Values = z.record(z.string(), z.array(z.string()).optional()).nullish();
const RestEvent = z.looseObject({
  httpMethod: z.string(),
  multiValueHeaders: Values,
  headers: z.record(z.string(), z.string().optional()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.looseObject({ domainName: z.string().optional(), path: z.string().optional() }),
  path: z.string().optional(),
});
const HttpEvent = z.looseObject({
  rawPath: z.string(),
  rawQueryString: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.looseObject({ domainName: z.string().optional(), http: z.looseObject({ method: z.string() }) }),
});

function readJson(text: string): SavedRequest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new OperatorError('The request cannot be read: it starts as JSON, and is not JSON.');
  }
  const har = Har.safeParse(json);
  if (har.success) return fromHar(har.data);
  const rest = RestEvent.safeParse(json);
  if (rest.success) return fromRest(rest.data);
  const http = HttpEvent.safeParse(json);
  if (http.success) return fromHttp(http.data);
  throw new OperatorError('The request cannot be read: its JSON is neither a HAR file nor an event of API Gateway.');
}

/** The last request with a body; else the last one. */
function fromHar({ log: { entries } }: z.infer<typeof Har>): SavedRequest {
  const requests = entries.map(({ request }) => request);
  const request = requests.findLast(({ postData }) => postData?.text !== undefined) ?? requests.at(-1);
  if (!request) throw new OperatorError('The HAR file has no request.');
  const { method, url, headers, postData } = request;
  const pairs = headers.flatMap(({ name, value }) => (name.startsWith(':') ? [] : [[name, value] as const]));
  const body = Buffer.from(postData?.text ?? '', postData?.encoding === 'base64' ? 'base64' : 'utf8');
  return { method, url, headers: pairs, body };
}

function fromRest(event: z.infer<typeof RestEvent>): SavedRequest {
  const single = Object.entries(event.headers ?? {}).map(([name, value]) => [name, value === undefined ? [] : [value]]);
  const multiValueHeaders = event.multiValueHeaders ?? (Object.fromEntries(single) as Record<string, string[]>);
  const requestContext = { ...event.requestContext, path: event.requestContext.path ?? event.path ?? '/' };
  // The delivery is read as the verifier reads it, because that is what it verified.
  const delivery = toDelivery({ ...event, multiValueHeaders, requestContext } as unknown as Parameters<
    typeof toDelivery
  >[0]);
  return {
    ...delivery,
    headers: [...delivery.headers].flatMap(([name, values]) => values.map((value) => [name, value] as const)),
  };
}

function fromHttp({
  rawPath,
  rawQueryString = '',
  headers,
  body = '',
  ...event
}: z.infer<typeof HttpEvent>): SavedRequest {
  const { domainName = '', http } = event.requestContext;
  return {
    method: http.method,
    url: `https://${domainName}${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`,
    headers: Object.entries(headers),
    body: Buffer.from(body, event.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** The delivery that the verifier of a source would see. `url` is the source's own, for what the request does not say. */
export function deliveryOf({ method = 'POST', url, headers, body }: SavedRequest, own: string): Delivery {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers)
    values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), value]);
  const host = values.get('host')?.[0];
  const path = url?.startsWith('/') ? url : undefined;
  const origin = host === undefined ? new URL(own).origin : `${schemeOf(values, own)}://${host}`;
  const full = path === undefined ? (url ?? own) : origin + path;
  return { method, url: full, headers: values, body: body ?? Buffer.alloc(0) };
}

const schemeOf = (headers: ReadonlyMap<string, readonly string[]>, own: string): string =>
  headers.get('x-forwarded-proto')?.[0] ?? new URL(own).protocol.replace(':', '');
