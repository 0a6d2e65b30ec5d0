import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Match, RestApi } from './rest-api.ts';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

type MultiValues = ReadonlyMap<string, readonly string[]>;

/**
 * The header by which a test says from which address a request comes. Without it a request comes from this machine, which
 * no allow list keeps out: nothing else can reach the local gateway.
 */
export const SOURCE_IP_HEADER = 'x-local-source-ip';

/** Headers that concern one connection, or that API Gateway sets itself. */
const NOT_HANDED_ON = new Set([
  ...['connection', 'content-length', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'x-forwarded-port', 'x-forwarded-proto', SOURCE_IP_HEADER],
]);

/**
 * The event that a Lambda proxy integration of a REST API gets
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html), as behind a custom
 * domain that is mapped to the stage: the caller's path has no stage in it.
 */
export function proxyEvent(request: RawRequest, { route, pathParameters }: Match, api: RestApi): APIGatewayProxyEvent {
  const { method, target, body, sourceIp, requestId, receivedAt } = request;
  const [path, query = ''] = splitOnce(target, '?');
  const headers = headersOf(request);
  const queryValues = queryOf(query);
  const host = last(headers, 'host') ?? '';
  const binary = isBinary(api.binaryMediaTypes, last(headers, 'content-type'));
  return {
    resource: route.resource,
    path,
    httpMethod: method,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: queryValues.size === 0 ? null : lastValues(queryValues),
    multiValueQueryStringParameters: queryValues.size === 0 ? null : allValues(queryValues),
    pathParameters: Object.keys(pathParameters).length === 0 ? null : pathParameters,
    stageVariables: null,
    requestContext: {
      accountId: api.accountId,
      apiId: api.id,
      authorizer: null,
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      extendedRequestId: requestId,
      httpMethod: method,
      identity: { ...ANONYMOUS, sourceIp, userAgent: last(headers, 'user-agent') ?? null },
      path,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: new Date(receivedAt).toUTCString(),
      requestTimeEpoch: receivedAt,
      resourceId: route.resourceId,
      resourcePath: route.resource,
      stage: api.stage,
    },
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && body.length > 0,
  };
}

const ANONYMOUS = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** Every value of every header by its name as received; names that differ in case alone are one header. */
function headersOf({ rawHeaders, sourceIp }: RawRequest): MultiValues {
  const values = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lower = name.toLowerCase();
    if (NOT_HANDED_ON.has(lower)) continue;
    const known = names.get(lower) ?? name;
    names.set(lower, known);
    values.set(known, [...(values.get(known) ?? []), rawHeaders[index + 1] ?? '']);
  }
  const forwardedFor = names.get('x-forwarded-for') ?? 'X-Forwarded-For';
  values.set(forwardedFor, [[...(values.get(forwardedFor) ?? []), sourceIp].join(', ')]);
  values.set('X-Forwarded-Port', ['80']);
  values.set('X-Forwarded-Proto', ['http']);
  return values;
}

/** The query's parameters, decoded. */
function queryOf(query: string): MultiValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

/** Own properties, whatever their names: a header called `__proto__` is a header like any other. */
const lastValues = (values: MultiValues): Record<string, string> =>
  Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? '']));

const allValues = (values: MultiValues): Record<string, string[]> =>
  Object.fromEntries([...values].map(([name, all]) => [name, [...all]]));

const last = (headers: MultiValues, lowerCaseName: string): string | undefined =>
  [...headers].find(([name]) => name.toLowerCase() === lowerCaseName)?.[1].at(-1);

function isBinary(mediaTypes: readonly string[], contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return mediaTypes.some((mediaType) => mediaType === '*/*' || mediaType.toLowerCase() === type);
}

export function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
