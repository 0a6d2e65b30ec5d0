import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answered } from '../../../cli/console/answer.ts';
import type { Asset } from '../../../cli/console/assets.ts';
import { consolePort, serveConsole } from '../../../cli/console/server.ts';
import type { Console } from '../../../cli/console/server.ts';
import { sendRaw, written } from '../../local/raw-http.ts';

const asset: Asset = {
  ...{ type: 'text/html; charset=utf-8', identity: Buffer.from('<p>page</p>') },
  ...{ br: Buffer.from('in brotli'), gzip: Buffer.from('in gzip') },
};
const asked: unknown[][] = [];
let served: Console;
let origin = '';
let token = '';

beforeAll(async () => {
  served = await serveConsole({
    port: 0,
    assets: () => Promise.resolve(new Map([['/', asset]])),
    api(...request) {
      asked.push(request);
      if (request[1] === 'broken') throw new Error('a body, a secret');
      return Promise.resolve(answered({ said: 'so' }));
    },
  });
  const url = new URL(served.address);
  origin = url.origin;
  token = url.hash.slice('#token='.length);
});
afterAll(() => served.stop());

const api = (path: string, init: Omit<RequestInit, 'headers'> = {}, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${origin}/api/${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });

/** Headers of every answer, whatever was asked for. */
const SAFE = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

describe('the console', () => {
  it('listens on loopback alone, and keeps its token out of what a browser sends', () => {
    const { hostname, pathname, search } = new URL(served.address);
    expect([hostname, pathname, search]).toEqual(['127.0.0.1', '/', '']);
    expect(token).toMatch(/^[\w-]{43}$/);
  });

  it.each(['/', '/api/session', '/nothing', '/api/../x'])('answers %s with its policy', async (path) => {
    const response = await fetch(origin + path);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject(SAFE);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('gives the page to a browser of this machine, in the best compression that it reads', async () => {
    const encodingOf = async (accepted: string) => {
      const request = { target: '/', host: 'localhost', headers: { 'accept-encoding': accepted } };
      const { text } = await sendRaw(Number(new URL(origin).port), written(request));
      return /content-encoding: (\w+)/i.exec(text)?.[1];
    };
    expect(await encodingOf('gzip, deflate, br, zstd')).toBe('br');
    expect(await encodingOf('gzip')).toBe('gzip');
    expect(await encodingOf('identity')).toBeUndefined();
    expect(await encodingOf('bro, gzipped')).toBeUndefined();
    expect(await (await fetch(origin, { headers: { 'accept-encoding': 'identity' } })).text()).toBe('<p>page</p>');
    expect((await fetch(origin, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${origin}/assets/../../package.json`)).status).toBe(404);
  });
});

describe("the console's API", () => {
  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic x', 'Bearer x'])(
    'refuses %j in the place of the token',
    async (given) => {
      const before = asked.length;
      const response = await fetch(`${origin}/api/session`, {
        headers: given === undefined ? {} : { authorization: given },
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ fault: { kind: 'not-authorized' } });
      expect((await fetch(`${origin}/api/session?token=${token}`)).status).toBe(401);
      expect(asked).toHaveLength(before);
    },
  );

  it('asks for what the path and the JSON say', async () => {
    const body = JSON.stringify({ input: { source: 'osigu' } });
    const headers = { 'content-type': 'application/json' };
    const response = await api('operations/quarantine%20list', { method: 'POST', body }, headers);
    expect(await response.json()).toEqual({ said: 'so' });
    expect(asked.at(-1)).toEqual(['POST', 'operations/quarantine list', { input: { source: 'osigu' } }]);
    await api('session');
    expect(asked.at(-1)).toEqual(['GET', 'session', undefined]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['that a form can send', '{}', { 'content-type': 'text/plain' }],
    ['that is not JSON', '{', { 'content-type': 'application/json' }],
    ['that is too large', JSON.stringify('x'.repeat(300_000)), { 'content-type': 'application/json' }],
  ])('refuses a body %s', async (_name, body, headers) => {
    const before = asked.length;
    const response = await api('operations/status', { method: 'POST', body }, headers);
    expect([response.status, asked.length]).toEqual([400, before]);
  });

  it('refuses a path that is not UTF-8', async () => expect((await api('%ff')).status).toBe(400));

  it('is refused to a request that a tunnel hands on, also with the token', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'cf-connecting-ip'])
      expect((await api('session', {}, { [header]: '203.0.113.9' })).status).toBe(403);
  });

  it('tells nothing of a mistake of its own but that there was one', async () => {
    const response = await api('broken');
    expect(response.status).toBe(502);
    expect(await response.text()).not.toMatch(/body|secret/);
  });
});

describe('the port', () => {
  it('is free to choose, or stated', () => {
    expect([consolePort({}), consolePort({ HOOKGATE_CONSOLE_PORT: '4001' })]).toEqual([0, 4001]);
  });

  it.each(['http', '-1', '65536', '1.5'])('is not %j', (text) =>
    expect(() => consolePort({ HOOKGATE_CONSOLE_PORT: text })).toThrow('HOOKGATE_CONSOLE_PORT'),
  );

  it('that is in use is named', async () => {
    const port = Number(new URL(origin).port);
    const parts = { port, assets: () => Promise.resolve(new Map()), api: () => Promise.resolve(answered(0)) };
    await expect(serveConsole(parts)).rejects.toThrow(`port ${port}`);
  });
});
