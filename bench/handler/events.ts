import { schemeOf } from '../../lambdas/core/provider.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Source } from '../../lambdas/core/source.ts';
import { bodyOf } from '../bodies.ts';
import { SECRET, URL_OF_SOURCE } from '../sources.ts';

export interface EventInput {
  readonly source: Source;
  readonly bytes: number;
  /** The secrets that it is signed with: one signature per secret, if the provider's header takes several. */
  readonly secrets: readonly string[];
}

/** Headers that a delivery has beside the signature, as API Gateway hands them on. */
const OTHER_HEADERS = {
  Accept: '*/*',
  'Accept-Encoding': 'gzip, deflate',
  'Content-Type': 'application/json',
  Host: 'hooks.example.com',
  'User-Agent': 'provider-webhooks/1.0',
  'X-Amzn-Trace-Id': 'Root=1-69a2b4c8-0123456789abcdef01234567',
  'X-Forwarded-For': '203.0.113.7',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

/** A signed delivery as API Gateway hands it to the verifier, the body in base64. */
export function proxyEvent({ source, bytes, secrets: [first = SECRET, ...more] }: EventInput): APIGatewayProxyEvent {
  const now = new Date();
  const body = bodyOf(source.provider, bytes, now);
  const { headers } = schemeOf(source.provider, source.options).sign({
    ...{ url: URL_OF_SOURCE, body, now },
    secrets: [first, ...more],
  });
  return proxyEventOf(headers, body);
}

/** A delivery with these headers, their names in lower case, beside those that every delivery has. */
export function proxyEventOf(own: Readonly<Record<string, string>>, body: Buffer): APIGatewayProxyEvent {
  const others = Object.entries(OTHER_HEADERS).filter(([name]) => !(name.toLowerCase() in own));
  const headers = { ...Object.fromEntries(others), ...own };
  const values = Object.entries(headers).map(([name, value]) => [name, [value]]);
  return {
    httpMethod: 'POST',
    path: '/webhooks/bench',
    headers,
    multiValueHeaders: Object.fromEntries(values) as Record<string, string[]>,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    requestContext: { domainName: 'hooks.example.com', path: '/prod/webhooks/bench' },
    body: body.toString('base64'),
    isBase64Encoded: true,
  } as unknown as APIGatewayProxyEvent;
}
