import fc from 'fast-check';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { parseObject } from '../../lambdas/core/json.ts';
import { sampleOf, schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import { headersBesideBody } from '../../lambdas/core/schemes/parts.ts';
import { secretsOf } from '../lambdas/providers/deliveries.ts';
import { BODIES, BYTES, deepened, HEADER_NAMES, TEXTS } from './corpus.ts';
import { HOST, NOW, SECRET } from './subject.ts';

/** It is in every body, header and secret, and must come out nowhere. */
export const CANARY = 'c4n4ry7f3a91';

/** One request to the verifier of a provider's source. */
export interface Case {
  readonly provider: Provider;
  readonly event: APIGatewayProxyEvent;
  /** Whether it is signed as it should be, and so must be accepted; if not, it must not be. */
  readonly authentic: boolean;
}

type Values = Readonly<Record<string, readonly string[] | null>>;

interface Request {
  readonly provider: Provider;
  readonly method: string;
  readonly path: string;
  readonly query: Values | null;
  /** Headers beside those that carry the signature. */
  readonly noise: readonly (readonly [string, readonly string[] | null])[];
  readonly body: Buffer;
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 200 }).map((value) => value + CANARY) },
  { weight: 1, arbitrary: fc.integer({ min: 4_000, max: 20_000 }).map((length) => 'h'.repeat(length)) },
);

const json = fc.dictionary(
  fc.oneof(fc.constantFrom('id', 'event_id', 'type', 'event_type', 'time', 'created_at', 'createdAt', 'data'), text),
  fc.oneof(text, fc.jsonValue({ maxDepth: 2 })),
  { maxKeys: 6 },
);

/** Whether its signatures are in the body, or over fields of it, and so go with bodies of its own form alone. */
const needsOwnBody = (provider: Provider): boolean => {
  const { headers, coverage } = schemeOf(provider, {});
  return coverage === 'fields' || (headers.length === 0 && coverage !== 'caller');
};

/** Bodies of a provider: its own, its own with something changed, the corpus, and anything. */
const bodyOf = (provider: Provider): fc.Arbitrary<Buffer> => {
  const sample = fc.uuid().map((id) => sampleOf(provider, { id: CANARY + id, now: NOW }).body.toString());
  if (needsOwnBody(provider)) return sample.map((own) => Buffer.from(own));
  return fc.oneof(
    { weight: 3, arbitrary: sample.map((own) => Buffer.from(own)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(sample, json)
        .map(([own, change]) =>
          Buffer.from(JSON.stringify({ ...parseObject(Buffer.from(own)), ...change, note: CANARY })),
        ),
    },
    { weight: 1, arbitrary: sample.map((own) => Buffer.from(deepened(own))) },
    { weight: 1, arbitrary: fc.constantFrom(...BODIES, ...BYTES) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([bytes, Buffer.from(CANARY)])),
    },
  );
};

const values = fc.option(fc.array(text, { maxLength: 3 }), { freq: 20 });
const query = fc.option(fc.dictionary(text, values, { maxKeys: 3 }), { freq: 2 });
const noise = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...HEADER_NAMES), text), values), { maxLength: 5 });
const path = fc.oneof(
  fc.constant('/webhooks/source'),
  text.map((end) => `/webhooks/${end}`),
);

const requestOf = (provider: Provider): fc.Arbitrary<Request> =>
  fc.record({
    provider: fc.constant(provider),
    method: fc.constant('POST'),
    path,
    query,
    noise,
    body: bodyOf(provider),
  });

/** The signature headers of a request that its provider made. */
type Signature = Readonly<Record<string, string>>;

/** A request as its provider sends it: the signature may be in headers, in the body or in the query. */
interface SignedRequest {
  readonly request: Request;
  readonly signature: Signature;
  /** False if the body has no place for the signature that belongs into it. */
  readonly isSigned: boolean;
}

/** The headers that are signed directly before the body, each with a value of digits. */
const besideBody = (provider: Provider): Signature =>
  Object.fromEntries(
    headersBesideBody(hmacSpecOf(schemeOf(provider, {}))?.signed ?? []).map((name) => [name, '1700000000']),
  );

/** Whether a body could have begun in the header before it: such a delivery is refused, whoever has signed it. */
const couldBeCutOtherwise = (body: Buffer): boolean => /^[\w.:+=/~-]/.test(body.toString('latin1', 0, 1));

function sign(request: Request, secret = SECRET): SignedRequest {
  const { provider, body } = request;
  const beside = besideBody(provider);
  const isBeside = Object.keys(beside).length > 0;
  const url = urlOf(request);
  const secrets = [secretsOf(provider, secret).signing] as const;
  const made = schemeOf(provider, {}).sign({ url, body, secrets, now: NOW, headers: beside });
  const added = made.url === undefined ? [] : [...(URL.parse(made.url)?.searchParams ?? [])];
  const own = Object.fromEntries(added.map(([name, value]) => [name, [value]]));
  return {
    request: {
      ...request,
      body: made.body ?? body,
      query: added.length > 0 ? { ...request.query, ...own } : request.query,
    },
    signature: { ...beside, ...made.headers },
    isSigned:
      !(isBeside && couldBeCutOtherwise(body)) &&
      (Object.keys(made.headers).length > 0 || added.length > 0 || made.body?.equals(body) === false),
  };
}

/** The URL as its provider signs it: the source's own, without the query that a request may bring along. */
const urlOf = ({ path: of }: Request): string => `https://${HOST}${of}`.replace(/\?.*$/s, '');

/** The event that API Gateway makes of a request; the body in base64, or as text if that is exact. */
function eventOf(request: Request, headers: readonly (readonly [string, readonly string[] | null])[], asText = false) {
  const { body, method } = request;
  const isText = asText && Buffer.from(body.toString('utf8')).equals(body);
  const content = isText ? body.toString('utf8') : body.toString('base64');
  const multiValueHeaders = Object.fromEntries([
    ...request.noise.filter(([name]) => !isSignature(request, name)),
    ...headers,
  ]);
  const event = {
    ...{ httpMethod: method, path: request.path, resource: '/webhooks/source', isBase64Encoded: !isText },
    ...{ body: content === '' ? null : content, headers: null, multiValueHeaders },
    ...{ multiValueQueryStringParameters: request.query, requestContext: { domainName: HOST, path: request.path } },
  };
  return event as unknown as APIGatewayProxyEvent;
}

const isSignature = ({ provider }: Request, name: string): boolean =>
  schemeOf(provider, {}).headers.some((header) => header.name === name.toLowerCase());

const asValues = (signature: Signature): [string, string[]][] =>
  Object.entries(signature).map(([name, value]) => [name, [value]]);

const authentic = (provider: Provider): fc.Arbitrary<Case> =>
  fc.tuple(requestOf(provider), fc.boolean(), fc.boolean()).map(([unsigned, asText, upper]) => {
    const { request, signature, isSigned } = sign(unsigned);
    const headers = asValues(signature).map(([name, all]) => [upper ? name.toUpperCase() : name, all] as const);
    // A body that could be a handshake's token is refused: the handshake signs such texts for anybody.
    const isToken = provider.handshakes?.token?.holds(request.body) === true;
    return { provider, event: eventOf(request, headers, asText), authentic: isSigned && !isToken };
  });

/** A change that makes a signed request one that nobody signed. */
type Forgery = (
  request: Request,
  signature: Signature,
  other: string,
  pick: number,
) => readonly [Request, [string, string[] | null][]];

/** Another body: no forgery if a token proves the caller alone. */
const OTHER_BODIES: readonly Forgery[] = [
  (request, signature, other) => [
    { ...request, body: Buffer.concat([request.body, Buffer.from(`${other}.`)]) },
    asValues(signature),
  ],
  (request, signature, _other, pick) => [{ ...request, body: flipped(request.body, pick) }, asValues(signature)],
];

/** Somebody else's secret, wherever the signature is. */
function signedByAnother(unsigned: Request, other: string): readonly [Request, [string, string[] | null][]] {
  // An RSA key takes half a second to make: a few of them are enough.
  const isSlow = /RSA|RS\d/.test(schemeOf(unsigned.provider, {}).title);
  const secret = isSlow ? String(other.length % 4) : other.toWellFormed();
  const { request, signature } = sign(unsigned, `not the secret ${secret}`);
  return [request, asValues(signature)];
}

/** The faults of headers that carry a signature. */
const FORGED_HEADERS: readonly Forgery[] = [
  // A header that is not there, empty, sent twice, or something else.
  (request, signature) => [request, asValues(signature).slice(1)],
  (request, signature) => [request, asValues(signature).map(([name, all]) => [name, [...all, ...all]])],
  (request, signature) => [request, asValues(signature).map(([name]) => [name, null])],
  (request, signature, other) => [request, asValues(signature).map(([name]) => [name, [other]])],
  // Twice the same line is malformed; another line would be a further element of a list.
  (request, signature) => [request, asValues(signature).map(([name, all]) => [name, [...all, ...all, ...all]])],
  (request, signature, _other, pick) => [
    request,
    asValues(signature).map(([name, [value = '']]) => [name, [cut(value, pick)]]),
  ],
  (request, signature) => [
    request,
    [
      ...asValues(signature),
      ...asValues(signature).map(([name, all]): [string, string[]] => [name.toUpperCase(), all]),
    ],
  ],
  // Too long to be looked at, and too many to be compared.
  (request, signature) => [
    request,
    asValues(signature).map(([name, [value = '']]) => [name, [value + ','.repeat(5_000)]]),
  ],
  (request, signature) => [
    request,
    asValues(signature).map(([name, [value = '']]) => [name, [`${value},${value}`.repeat(60)]]),
  ],
];

/** Another body of the same length; of an empty one, one byte. */
function flipped(body: Buffer, pick: number): Buffer {
  const copy = body.length === 0 ? Buffer.alloc(1) : Buffer.from(body);
  if (body.length > 0) copy.writeUInt8(copy.readUInt8(pick % copy.length) ^ 1, pick % copy.length);
  return copy;
}

/** The header without one of the characters of its end, where every scheme has its MAC. */
const cut = (value: string, pick: number): string => {
  const at = value.length - 1 - (pick % Math.min(20, value.length));
  return value.slice(0, at) + value.slice(at + 1);
};

const forged = (provider: Provider): fc.Arbitrary<Case> => {
  const { coverage, headers: carriers } = schemeOf(provider, {});
  const forgeries = [
    ...(coverage === 'body' ? OTHER_BODIES : []),
    ...(carriers.some(({ optional }) => !optional) ? FORGED_HEADERS : []),
  ];
  return fc
    .tuple(requestOf(provider), text, fc.nat(), fc.constantFrom(undefined, ...forgeries))
    .map(([unsigned, other, pick, forge]) => {
      const { request, signature } = sign(unsigned);
      const [sent, headers] = forge?.(request, signature, other, pick) ?? signedByAnother(unsigned, other);
      return { provider, event: eventOf(sent, headers), authentic: false };
    });
};

/** No provider's request: any method, any headers, a body that says it is base64 and is not. */
const chaos = (provider: Provider): fc.Arbitrary<Case> =>
  fc
    .tuple(
      requestOf(provider),
      fc.constantFrom('POST', 'GET', 'OPTIONS', 'PUT', '', 'post', '__proto__'),
      text,
      fc.boolean(),
    )
    .map(([request, method, body, isBase64Encoded]) => {
      const event = { ...eventOf({ ...request, method }, []), body: body === '' ? null : body, isBase64Encoded };
      const bare = body.length % 5 === 0 ? { multiValueHeaders: null as never } : {};
      return { provider, event: { ...event, ...bare }, authentic: false };
    });

/** Requests of every provider: two in five are authentic. */
export const cases = (providers: readonly Provider[]): fc.Arbitrary<Case> =>
  fc
    .constantFrom(...providers)
    .chain((provider) =>
      fc.oneof(
        { weight: 2, arbitrary: authentic(provider) },
        { weight: 2, arbitrary: forged(provider) },
        { weight: 1, arbitrary: chaos(provider) },
      ),
    );
