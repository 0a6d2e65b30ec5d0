import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Answer, Delivery } from '../core/delivery.ts';

type MultiValues = Readonly<Record<string, readonly string[] | undefined>>;

/** The delivery in a REST API proxy event: the body's raw bytes, and every value of every header. */
export const toDelivery = (event: APIGatewayProxyEvent): Delivery => ({
  method: event.httpMethod,
  url: urlOf(event),
  headers: headersOf(event.multiValueHeaders),
  body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
});

/** The proxy answer: short JSON or text, never cached. */
export const toProxyResult = ({ status, headers, body }: Answer): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { 'cache-control': 'no-store', ...contentHeaders(body), ...headers },
  body: typeof body === 'object' ? JSON.stringify(body) : (body ?? ''),
});

/** A text that a sender chose must not be taken for a page by anybody. */
function contentHeaders(body: Answer['body']): Record<string, string> {
  if (body === undefined) return {};
  if (typeof body === 'object') return { 'content-type': 'application/json' };
  return { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
}

/** Header names are matched without regard to case: names that differ in case alone are one header. */
function headersOf(multiValueHeaders: MultiValues | null): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    const known = headers.get(name.toLowerCase()) ?? [];
    headers.set(name.toLowerCase(), [...known, ...(values ?? [])]);
  }
  return headers;
}

/** Encodes a part of a query. Half a surrogate pair, which JSON can hold and a URL cannot, becomes U+FFFD and does not throw. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

/** The URL as the caller saw it, also behind a custom domain. API Gateway decodes the query: it is encoded again. */
function urlOf({ requestContext, multiValueHeaders, multiValueQueryStringParameters }: APIGatewayProxyEvent): string {
  const forwarded = headersOf(multiValueHeaders).get('x-forwarded-proto')?.[0];
  const query = Object.entries((multiValueQueryStringParameters as MultiValues | null) ?? {}).flatMap(
    ([name, values]) => (values ?? []).map((value) => `${encode(name)}=${encode(value)}`),
  );
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  return `${forwarded === 'http' ? 'http' : 'https'}://${requestContext.domainName ?? ''}${requestContext.path}${search}`;
}
