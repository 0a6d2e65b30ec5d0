import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../lambdas/adapters/http.ts';
import type { HttpBounds } from '../../../lambdas/adapters/http.ts';

type Respond = (response: ServerResponse, request: IncomingMessage) => void;

describe('httpClient', () => {
  const answers: Respond[] = [];
  const seen: { url: string; at: number }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', at: Date.now() });
    const respond = answers.shift() ?? ((res) => res.end('{}'));
    respond(response, request);
  });
  let base = '';
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    answers.length = 0;
    seen.length = 0;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const bounds: HttpBounds = { timeoutMs: 300, totalMs: 3000, retries: 2, maxBytes: 1000, allowLoopback: true };
  const get = (overrides: Partial<HttpBounds> = {}) =>
    httpClient({ ...bounds, ...overrides })({ method: 'GET', url: `${base}/x` });
  const status =
    (code: number, headers: Record<string, string> = {}): Respond =>
    (response) =>
      response.writeHead(code, headers).end('why');

  it('answers with status, headers and body, whatever the status', async () => {
    answers.push(status(404, { 'X-Seen': 'yes' }));
    expect(await get()).toMatchObject({ status: 404, body: 'why' });
    answers.push(status(204));
    expect((await get()).headers).toBeInstanceOf(Map);
    expect(seen).toHaveLength(2);
  });

  it('tries again on 500 and 429, and gives the last answer where none was better', async () => {
    answers.push(status(500), status(429, { 'retry-after': '0' }));
    expect((await get()).status).toBe(200);
    answers.push(status(500), status(500), status(503));
    expect((await get()).status).toBe(503);
    expect(seen).toHaveLength(6);
  });

  it('waits as long as Retry-After says', async () => {
    answers.push(status(429, { 'retry-after': '1' }));
    await get({ timeoutMs: 2000 });
    expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it('gives up an answer that does not come, is cut off, trickles, or is too long', async () => {
    const never: Respond = () => undefined;
    const cut: Respond = (response) =>
      void response.writeHead(200, { 'content-length': '500' }).write('x', () => response.destroy());
    const trickle: Respond = (response) => void response.writeHead(200).write('x');
    const long: Respond = (response) => void response.end('x'.repeat(1001));
    for (const [respond, reason] of [
      [never, 'timeout'],
      [cut, 'network'],
      [trickle, 'timeout'],
      [long, 'too_large'],
    ] as const) {
      answers.push(respond);
      await expect(get({ retries: 0, totalMs: 600 })).rejects.toMatchObject({ name: 'HttpFault', reason });
    }
  });

  it('follows no redirect: a token must not reach another host', async () => {
    answers.push(status(302, { location: `${base}/elsewhere` }));
    expect((await get()).status).toBe(302);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['http://example.com/', true],
    ['ftp://127.0.0.1/', true],
    ['http://127.0.0.1.example.com/', true],
    ['not a url', true],
    ['http://127.0.0.1:1/', false],
  ])('refuses %s where loopback is allowed: %s', async (url, allowLoopback) => {
    const http = httpClient({ ...bounds, allowLoopback });
    await expect(http({ method: 'GET', url })).rejects.toMatchObject({ reason: 'insecure_url' });
  });
});
