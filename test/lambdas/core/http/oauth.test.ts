import { describe, expect, it } from '@jest/globals';
import type { HttpRequest, HttpResponse } from '../../../../lambdas/core/http/http.ts';
import { authorizedHttp } from '../../../../lambdas/core/http/oauth.ts';

const TOKEN_URL = 'https://login.example.com/token';

function setUp(tokenAnswer: () => Partial<HttpResponse> = () => ({ body: '{"access_token":"t1","expires_in":3600}' })) {
  const time = { now: 0 };
  const requests: HttpRequest[] = [];
  const api: { status: number }[] = [];
  const http = (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request);
    const answer = request.url === TOKEN_URL ? tokenAnswer() : (api.shift() ?? {});
    return Promise.resolve({ status: 200, headers: new Map(), body: '', ...answer });
  };
  const credentials = () => Promise.resolve({ clientId: 'a b', clientSecret: 's&1' });
  const call = authorizedHttp(TOKEN_URL, { http, clock: () => time.now, credentials });
  const tokens = (): number => requests.filter(({ url }) => url === TOKEN_URL).length;
  return { time, requests, api, tokens, call: () => call({ method: 'GET', url: 'https://api.example.com/x' }) };
}

describe('authorizedHttp', () => {
  it('asks for a token in a form, and sends it as a bearer', async () => {
    const { requests, call } = setUp();
    await call();
    expect(requests).toMatchObject([
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=a+b&client_secret=s%261',
      },
      { url: 'https://api.example.com/x', headers: { authorization: 'Bearer t1' } },
    ]);
  });

  it('keeps the token until a minute before its end', async () => {
    const { time, tokens, call } = setUp();
    await call();
    time.now = 3_539_999;
    await call();
    expect(tokens()).toBe(1);
    time.now++;
    await call();
    expect(tokens()).toBe(2);
  });

  it('tries a 401 once more with a fresh token, and no more than once', async () => {
    const { api, tokens, call } = setUp();
    api.push({ status: 401 });
    expect((await call()).status).toBe(200);
    expect(tokens()).toBe(2);
    api.push({ status: 401 }, { status: 401 });
    expect((await call()).status).toBe(401);
    expect(tokens()).toBe(3);
  });

  it.each([
    ['token_refused', { status: 400, body: '{"error":"invalid_client"}' }],
    ['token_malformed', { body: '<html></html>' }],
    ['token_malformed', { body: 'null' }],
    ['token_malformed', { body: '{"access_token":7}' }],
    ['token_malformed', { body: '{"access_token":"a\\r\\nx: y"}' }],
  ])('says %s of %j', async (reason, answer) => {
    await expect(setUp(() => answer).call()).rejects.toMatchObject({ name: 'TokenFault', reason });
  });
});
