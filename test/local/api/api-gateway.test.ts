import { afterEach, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { serveApi } from '../../../local/api/api-gateway.ts';
import type { Statement } from '../../../local/api/resource-policy.ts';
import type { RestApi } from '../../../local/api/rest-api.ts';
import { close, listen } from '../../../local/http.ts';
import type { InvokeResult } from '../../../local/lambda/function-config.ts';
import { testApi, testRoute } from './test-api.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

type Invoke = (payload: string) => InvokeResult | Promise<InvokeResult>;

/** Serves an API in front of a function, and calls it. */
async function front(invoke: Invoke, changes: Partial<RestApi> = {}) {
  const invoked: APIGatewayProxyEvent[] = [];
  const parts = {
    api: testApi(changes),
    invoke: async (_target: unknown, payload: string) => {
      invoked.push(JSON.parse(payload) as APIGatewayProxyEvent);
      return invoke(payload);
    },
    log: () => undefined,
  };
  const server = createServer((request, response) => void serveApi(request, response, parts));
  servers.push(server);
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    invoked,
    call: async (init: RequestInit = {}, path = '/webhooks/osigu') => {
      const response = await fetch(url + path, { method: 'POST', body: '{}', ...init });
      return { status: response.status, headers: response.headers, body: await response.text() };
    },
  };
}

const answer = (value: unknown) => (): InvokeResult => ({ ok: true, payload: JSON.stringify(value) });
const INTERNAL = '{"message":"Internal server error"}';

describe("a function's answer", () => {
  it('is the HTTP answer', async () => {
    const { call } = await front(
      answer({ statusCode: 201, headers: { 'X-One': '1' }, multiValueHeaders: { 'X-Two': ['a', 'b'] }, body: 'done' }),
    );
    const received = await call();
    expect([received.status, received.body]).toEqual([201, 'done']);
    expect([received.headers.get('x-one'), received.headers.get('x-two')]).toEqual(['1', 'a, b']);
    expect(received.headers.get('content-type')).toBe('application/json');
    expect(received.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is decoded if it is base64', async () => {
    const { call } = await front(answer({ statusCode: 200, body: 'w6k=', isBase64Encoded: true }));
    expect((await call()).body).toBe('é');
  });

  it.each([
    [null],
    ['text'],
    [{}],
    [{ statusCode: 'many' }],
    [{ statusCode: 42 }],
    [{ statusCode: 200, body: { not: 'text' } }],
    [{ statusCode: 200, headers: { a: {} } }],
    [{ statusCode: 200, surprise: true }],
  ])('is a 502 if it is %j', async (malformed) => {
    const { call } = await front(answer(malformed));
    const { status, body } = await call();
    expect([status, body]).toEqual([502, INTERNAL]);
  });
});

describe('API Gateway itself answers', () => {
  const failing =
    (errorType: string): Invoke =>
    () => ({ ok: false, error: { errorType, errorMessage: 'secret detail' } });

  it('502 if the function fails, and says nothing of why', async () => {
    const { call } = await front(failing('TypeError'));
    const { status, body } = await call();
    expect([status, body]).toEqual([502, INTERNAL]);
  });

  it("with the template's answer for all of its class", async () => {
    const response = { headers: { 'retry-after': '5' }, template: '{"error":"unavailable"}' };
    const { call } = await front(failing('TypeError'), { gatewayResponses: new Map([['DEFAULT_5XX', response]]) });
    const received = await call();
    expect([received.status, received.body, received.headers.get('retry-after')]).toEqual([
      502,
      '{"error":"unavailable"}',
      '5',
    ]);
  });

  it('403 on an unknown path, or what the template says', async () => {
    const plain = await front(answer({ statusCode: 200 }));
    expect(await plain.call({}, '/nowhere')).toMatchObject({
      status: 403,
      body: '{"message":"Missing Authentication Token"}',
    });
    expect(plain.invoked).toEqual([]);
    const response = { status: 404, headers: {}, template: '{"error":"$context.error.responseType"}' };
    const told = await front(answer({ statusCode: 200 }), {
      gatewayResponses: new Map([['MISSING_AUTHENTICATION_TOKEN', response]]),
    });
    expect(await told.call({}, '/nowhere')).toMatchObject({
      status: 404,
      body: '{"error":"MISSING_AUTHENTICATION_TOKEN"}',
    });
  });

  it('413 to a body of more than 10 MB, and to one that the function cannot get', async () => {
    const { call, invoked } = await front(answer({ statusCode: 200 }));
    const limit = 10 * 1024 * 1024;
    expect((await call({ body: Buffer.alloc(limit + 1) })).status).toBe(413);
    expect(invoked).toEqual([]);
    expect((await call({ body: Buffer.alloc(limit) })).status).toBe(200);
    expect(invoked).toHaveLength(1);
    const small = await front(failing('RequestEntityTooLargeException'));
    expect((await small.call()).status).toBe(413);
  });

  it('500 if it has no permission to invoke the function', async () => {
    const { call, invoked } = await front(answer({ statusCode: 200 }), { routes: [testRoute({ permitted: false })] });
    expect(await call()).toMatchObject({ status: 500, body: INTERNAL });
    expect(invoked).toEqual([]);
  });

  it('504 if the function takes too long', async () => {
    const { call } = await front(() => new Promise(() => undefined), { routes: [testRoute({ timeoutMs: 50 })] });
    expect(await call()).toMatchObject({ status: 504, body: '{"message":"Endpoint request timed out"}' });
  });

  it('403 to an address that the policy does not let in, before the function runs', async () => {
    const policy: Statement[] = [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 'execute-api:Invoke',
        Resource: ['execute-api:/*/*/webhooks/osigu'],
        Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
      },
    ];
    const { call, invoked } = await front(answer({ statusCode: 200 }), { policy });
    const from = (address: string) => call({ headers: { 'x-local-source-ip': address } });
    expect((await from('198.51.100.1')).status).toBe(403);
    expect(invoked).toEqual([]);
    expect((await from('203.0.113.7')).status).toBe(200);
    expect(invoked[0]?.requestContext.identity.sourceIp).toBe('203.0.113.7');
    expect(invoked[0]?.headers).not.toHaveProperty('x-local-source-ip');
    expect((await call()).status).toBe(200);
  });
});
