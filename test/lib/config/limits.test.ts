import { describe, expect, it } from '@jest/globals';
import { LAMBDA_REQUEST_BYTES, MAX_BODY_BYTES, PROXY_EVENT_BYTES } from '../../../lib/config/limits.ts';
import { proxyEvent } from '../../../local/api/proxy-event.ts';
import type { RestApi, Route } from '../../../local/api/rest-api.ts';
import type { FunctionConfig } from '../../../local/lambda/function-config.ts';

/** The most bytes of request line and headers that API Gateway lets in. */
const HEADER_BYTES = 10_240;

/** Bytes of the event that a request makes. */
function eventBytes(target: string, rawHeaders: readonly string[], body: Buffer): number {
  const route: Route = {
    ...{ resource: '/webhooks/osigu', resourceId: 'abcdef', httpMethod: 'ANY', timeoutMs: 29_000, permitted: true },
    target: {} as FunctionConfig,
  };
  const api: RestApi = {
    ...{ id: 'a1b2c3d4e5', stage: 'live', accountId: '123456789012', routes: [route], binaryMediaTypes: ['*/*'] },
    ...{ gatewayResponses: new Map(), policy: [] as never },
  };
  const request = { method: 'POST', target, rawHeaders, body, sourceIp: '203.0.113.1', requestId: 'r', receivedAt: 1 };
  return Buffer.byteLength(JSON.stringify(proxyEvent(request, { route, pathParameters: {} }, api)));
}

describe('the largest body', () => {
  it('is what a request to Lambda holds in base64, to the byte', () => {
    expect(MAX_BODY_BYTES).toBe(4_669_440);
    const encoded = Buffer.alloc(MAX_BODY_BYTES).toString('base64').length;
    expect(encoded + PROXY_EVENT_BYTES).toBe(LAMBDA_REQUEST_BYTES);
  });

  it.each<[what: string, target: string, headers: string[]]>([
    ['one long header that JSON escapes', '/webhooks/osigu', ['x', '"'.repeat(HEADER_BYTES)]],
    ['a thousand short headers', '/webhooks/osigu', Array.from({ length: 1462 }, (_, n) => [`${n}`, 'b']).flat()],
    ['one header many times', '/webhooks/osigu', Array.from({ length: 2000 }, () => ['x', '"']).flat()],
    ['a long query that JSON escapes', `/webhooks/osigu?a=${'%01'.repeat(HEADER_BYTES / 3)}`, []],
    ['a long path', `/webhooks/${'"'.repeat(HEADER_BYTES)}`, []],
  ])('leaves room for %s', (_what, target, headers) => {
    const bytes = eventBytes(target, headers, Buffer.alloc(MAX_BODY_BYTES));
    expect(bytes).toBeGreaterThan(LAMBDA_REQUEST_BYTES - PROXY_EVENT_BYTES + 10_000);
    expect(bytes).toBeLessThanOrEqual(LAMBDA_REQUEST_BYTES);
  });
});
