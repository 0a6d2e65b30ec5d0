import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import { close, listen } from '../../local/http.ts';
import { isLoopbackHost, serveInspection } from '../../local/inspection.ts';
import { startTestAws } from './test-aws.ts';
import type { TestAws } from './test-aws.ts';

let aws: TestAws;
let server: Server;
let port: number;

beforeAll(async () => {
  aws = await startTestAws();
  aws.services.eventBridge.createBus('bus');
  const wiring = { sources: [], ledgerTable: 'Ledger', quarantineUrl: '' };
  const stack = { name: 'x', region: 'us-east-1', awsEndpoint: aws.client.endpoint, outputs: {}, resources: {} };
  server = createServer((incoming, outgoing) => void serveInspection(incoming, outgoing, { ...aws, wiring, stack }));
  port = await listen(server);
});
afterAll(async () => {
  await close(server);
  await aws.stop();
});

const call = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
const json = { 'content-type': 'application/json' };

/** Status of a request with this Host header. */
const withHost = (host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/_local/bus', headers: { host } }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

describe('the inspection', () => {
  it('is for this machine alone: another Host is refused', async () => {
    expect(await withHost(`localhost:${port}`)).toBe(200);
    expect(await withHost(`[::1]:${port}`)).toBe(200);
    expect(await withHost(`attacker.example:${port}`)).toBe(403);
    expect(await withHost('localhost.attacker.example')).toBe(403);
  });

  it.each([undefined, '', '127.0.0.1.attacker.example', '127.0.0.1@x', 'localhost:1:2'])(
    'takes %j for no host of this machine',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );

  it('says what it knows where it is asked for something else', async () => {
    const answer = await call('/_local/nothing');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('GET /_local/events');
    expect((await call('/_local/bus', { method: 'POST' })).status).toBe(404);
  });

  it('takes a fault, shows it, and clears it', async () => {
    const rule = { service: 'sqs', times: 2, status: 400, code: 'X' };
    expect((await call('/_local/faults', { method: 'POST', headers: json, body: JSON.stringify(rule) })).status).toBe(
      200,
    );
    expect(await (await call('/_local/faults')).json()).toMatchObject([rule]);
    await call('/_local/faults', { method: 'DELETE' });
    expect(await (await call('/_local/faults')).json()).toEqual([]);
  });

  it.each([
    ['{"service":"sqs","tims":1}', 'tims'],
    ['{"service":"sqs","times":0}', 'times'],
    ['{}', 'service'],
    ['no JSON', 'JSON'],
  ])('refuses the fault %s with what is wrong', async (body, reason) => {
    const answer = await call('/_local/faults', { method: 'POST', headers: json, body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(reason);
  });

  it('takes no fault that a web page could send unasked', async () => {
    const rule = JSON.stringify({ service: 'sqs' });
    const answer = await call('/_local/faults', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: rule,
    });
    expect(answer.status).toBe(400);
  });
});
