import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { close, listen } from '../../local/http.ts';
import { metricsLog } from '../../local/metrics-log.ts';
import { refusals } from '../../local/refusals.ts';
import { serveInspection } from '../../local/inspection.ts';
import { startTestAws } from './test-aws.ts';
import type { TestAws } from './test-aws.ts';

let aws: TestAws;
let server: Server;
let port: number;

beforeAll(async () => {
  aws = await startTestAws();
  aws.services.eventBridge.createBus('bus');
  const wiring = { sources: [], targets: [], ledgerTable: 'Ledger' };
  const stack = { name: 'x', region: 'us-east-1', awsEndpoint: aws.client.endpoint, outputs: {}, resources: {} };
  const parts = { ...aws, wiring, stack, access: aws.client, refusals: refusals(), metrics: metricsLog() };
  server = createServer((incoming, outgoing) => void serveInspection(incoming, outgoing, parts));
  port = await listen(server);
});
afterAll(async () => {
  await close(server);
  await aws.stop();
});

const call = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
const json = { 'content-type': 'application/json' };

describe('the inspection', () => {
  it('shows what was published as it was published, however deeply it is nested', async () => {
    const detail = `{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},"exact":[1.0,12345678901234567890]}`;
    await aws.services.eventBridge.handle({
      ...{ service: 'events', action: 'PutEvents', method: 'POST', path: '/', headers: {} },
      body: Buffer.from(JSON.stringify({ Entries: [{ Source: 's', DetailType: 't', Detail: detail }] })),
    });
    const answer = await call('/_local/bus');
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text.includes(`"detail":${detail}`)).toBe(true);
    expect(JSON.parse(text)).toHaveLength(1);
  });

  it('tells an operator how to reach the stand-ins, and nobody who cannot send the header', async () => {
    expect((await call('/_local/access')).status).toBe(400);
    const answer = await call('/_local/access', { headers: { 'x-hookgate-operator': 'ops' } });
    expect(await answer.json()).toMatchObject({ credentials: aws.client.credentials });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await call('/_local/access', {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'x' },
    });
    expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([404, null]);
  });

  it.each(['x-forwarded-for', 'forwarded', 'x-forwarded-host', 'via'])(
    'is not for a tunnel, which says %s',
    async (name) => {
      expect((await call('/_local/events', { headers: { [name]: '203.0.113.9' } })).status).toBe(403);
    },
  );

  it('refuses a path that cannot be decoded', async () => {
    expect((await call('/_local/missed-events/%E0%A4%A')).status).toBe(400);
  });

  it('says what it knows when it is asked for something else', async () => {
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
