import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { proxyEvent } from '../../../local/api/proxy-event.ts';
import type { RawRequest } from '../../../local/api/proxy-event.ts';
import type { RestApi } from '../../../local/api/rest-api.ts';
import { testApi, testRoute } from './test-api.ts';

const request = (changes: Partial<RawRequest> = {}): RawRequest => ({
  method: 'POST',
  target: '/webhooks/osigu',
  rawHeaders: ['Host', 'localhost:4000', 'Content-Type', 'application/json'],
  body: Buffer.from('{}'),
  sourceIp: '127.0.0.1',
  requestId: 'request-1',
  receivedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  ...changes,
});
const eventOf = (changes: Partial<RawRequest> = {}, api: RestApi = testApi()): APIGatewayProxyEvent =>
  proxyEvent(request(changes), { route: testRoute(), pathParameters: {} }, api);

describe('a proxy event', () => {
  it('has the form of a REST API', () => {
    expect(eventOf()).toMatchObject({
      resource: '/webhooks/osigu',
      path: '/webhooks/osigu',
      httpMethod: 'POST',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: 'e30=',
      isBase64Encoded: true,
      requestContext: {
        resourcePath: '/webhooks/osigu',
        path: '/webhooks/osigu',
        httpMethod: 'POST',
        stage: 'dev',
        requestId: 'request-1',
        requestTimeEpoch: 1767323045000,
        domainName: 'localhost:4000',
        identity: { sourceIp: '127.0.0.1' },
      },
    });
  });

  it('carries every byte of the body', () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(Buffer.from(eventOf({ body }).body ?? '', 'base64')).toEqual(body);
  });

  it('has a null body if there is none', () => {
    expect(eventOf({ body: Buffer.alloc(0) })).toMatchObject({ body: null, isBase64Encoded: false });
  });

  it('mangles a body if the API has no binary media type for it', () => {
    const api = { ...testApi(), binaryMediaTypes: ['image/png'] };
    const event = eventOf({ body: Buffer.from([0xff, 0x41]) }, api);
    expect([event.body, event.isBase64Encoded]).toEqual(['\uFFFDA', false]);
  });

  it('has headers by their names as received, with the last and with all values', () => {
    const rawHeaders = ['Host', 'h', 'X-Sig', 'one', 'x-sig', 'two', 'X-Sig', ''];
    const event = eventOf({ rawHeaders });
    expect(event.multiValueHeaders).toMatchObject({ Host: ['h'], 'X-Sig': ['one', 'two', ''] });
    expect(event.headers).toMatchObject({ Host: 'h', 'X-Sig': '' });
    expect(event.headers).not.toHaveProperty('x-sig');
  });

  it('says how it was forwarded, whatever the caller says', () => {
    const rawHeaders = [
      'Host',
      'h',
      'x-forwarded-proto',
      'https',
      'X-Forwarded-For',
      '203.0.113.9',
      'Connection',
      'close',
    ];
    const { headers } = eventOf({ rawHeaders });
    expect(headers).toEqual({
      Host: 'h',
      'X-Forwarded-For': '203.0.113.9, 127.0.0.1',
      'X-Forwarded-Port': '80',
      'X-Forwarded-Proto': 'http',
    });
  });

  it('takes a header or parameter called __proto__ for one like any other', () => {
    const event = eventOf({ rawHeaders: ['__proto__', 'x'], target: '/webhooks/osigu?__proto__=y' });
    expect(Object.entries(event.multiValueHeaders)).toContainEqual(['__proto__', ['x']]);
    expect(Object.entries(event.queryStringParameters ?? {})).toEqual([['__proto__', 'y']]);
  });

  it('has the query decoded, with the last and with all values', () => {
    const event = eventOf({ target: '/webhooks/osigu?a=1&b=x%20y&a=2&c' });
    expect(event.path).toBe('/webhooks/osigu');
    expect(event.queryStringParameters).toEqual({ a: '2', b: 'x y', c: '' });
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', '2'], b: ['x y'], c: [''] });
  });
});
