import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { toDelivery, toProxyResult } from '../../../lambdas/adapters/api-gateway.ts';

const event = (overrides: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent =>
  ({
    ...{ httpMethod: 'POST', path: '/webhooks/osigu', body: null, isBase64Encoded: false },
    multiValueHeaders: { 'X-Forwarded-Proto': ['https'] },
    multiValueQueryStringParameters: null,
    requestContext: { domainName: 'api.example.com', path: '/prod/webhooks/osigu' },
    ...overrides,
  }) as APIGatewayProxyEvent;

describe('toDelivery', () => {
  it('keeps the bytes as they came, valid UTF-8 or not', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0xc3, 0x28, 0x7d]);
    expect(toDelivery(event({ body: bytes.toString('base64'), isBase64Encoded: true })).body).toEqual(bytes);
    expect(toDelivery(event()).body).toEqual(Buffer.alloc(0));
  });

  it('joins header names that differ in case alone, so that a header sent twice is seen', () => {
    const multiValueHeaders = { 'X-Sig': ['a'], 'x-sig': ['b', 'c'], ['__proto__']: ['d'] };
    const { headers } = toDelivery(event({ multiValueHeaders }));
    expect(headers.get('x-sig')).toEqual(['a', 'b', 'c']);
    expect(headers.get('__proto__')).toEqual(['d']);
    expect(headers.get('constructor')).toBeUndefined();
  });

  it('rebuilds a URL of half a surrogate pair too, which no URL can hold', () => {
    const multiValueQueryStringParameters = { a: ['\uDC00'] };
    expect(toDelivery(event({ multiValueQueryStringParameters })).url).toMatch(/\?a=%EF%BF%BD$/);
  });

  it('rebuilds the URL as the caller saw it', () => {
    expect(toDelivery(event()).url).toBe('https://api.example.com/prod/webhooks/osigu');
    const multiValueQueryStringParameters = { a: ['1 2', 'ü'], b: [''] };
    expect(toDelivery(event({ multiValueQueryStringParameters })).url).toBe(
      'https://api.example.com/prod/webhooks/osigu?a=1%202&a=%C3%BC&b=',
    );
    expect(toDelivery(event({ multiValueHeaders: { 'x-forwarded-proto': ['http'] } })).url).toMatch(/^http:/);
  });
});

describe('toProxyResult', () => {
  it('answers with short JSON, never cached', () => {
    expect(toProxyResult({ status: 401, body: { error: 'missing_signature' } })).toEqual({
      statusCode: 401,
      headers: { 'cache-control': 'no-store', 'content-type': 'application/json' },
      body: '{"error":"missing_signature"}',
    });
    expect(toProxyResult({ status: 200, headers: { allow: 'POST' } })).toMatchObject({
      headers: { allow: 'POST' },
      body: '',
    });
  });
});
