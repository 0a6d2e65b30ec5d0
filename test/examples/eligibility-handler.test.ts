import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handler as exported, passOnTo } from '../../examples/eligibility-handler.ts';
import type { JsonObject } from '../../lambdas/core/json.ts';
import { osigu } from '../../lambdas/providers/osigu/index.ts';
import type { EventHandler, WebhookEvent } from '../../lambdas/core/event.ts';

/** An Osigu event as the processor hands it over. */
function event(fields: Partial<WebhookEvent> = {}): WebhookEvent {
  const json = { event_id: 'evt_1', event_type: 'authorization.approved', data: { authorization_id: 'auth_7' } };
  return {
    source: 'osigu',
    provider: 'osigu',
    key: 'evt_1',
    type: 'authorization.approved',
    receivedAt: '2026-01-01T00:00:00.000Z',
    via: 'webhook',
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(json)),
    json,
    ...fields,
  };
}

describe('the example handler', () => {
  let service: Server;
  let handler: EventHandler;
  let status: number;
  let requests: { headers: IncomingHttpHeaders; body: unknown }[];

  beforeEach(async () => {
    status = 204;
    requests = [];
    service = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        requests.push({ headers: request.headers, body: JSON.parse(text) });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    handler = passOnTo(`http://127.0.0.1:${(service.address() as AddressInfo).port}/`);
  });

  afterEach(async () => {
    await new Promise((resolve) => service.close(resolve));
  });

  it('passes an authorization on, with the event key as the idempotency key', async () => {
    await handler(event());
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers['idempotency-key']).toBe('osigu/evt_1');
    expect(requests[0]?.body).toEqual({
      authorization: 'auth_7',
      type: 'authorization.approved',
      receivedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('uses the same idempotency key when it runs again', async () => {
    await handler(event());
    await handler(event());
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['osigu/evt_1', 'osigu/evt_1']);
  });

  it('leaves events of another family alone', async () => {
    await handler(event({ type: 'dispensing.completed' }));
    expect(requests).toEqual([]);
  });

  it('fails, so that the event is tried again, where the service does', async () => {
    status = 503;
    await expect(handler(event())).rejects.toThrow('the eligibility service answered 503');
  });

  it.each([{}, { data: null }, { data: 'auth_7' }, { data: { authorization_id: 7 } }])(
    'fails on %j, which names nothing',
    async (json) => {
      await expect(handler(event({ json }))).rejects.toThrow('no data.authorization_id');
      expect(requests).toEqual([]);
    },
  );

  it('finds the authorization in what the provider sends', async () => {
    const text = osigu.sample({ id: '9', now: new Date(0) });
    await handler(event({ json: JSON.parse(text) as JsonObject }));
    expect(requests[0]?.body).toMatchObject({ authorization: 'auth_9' });
  });

  it('exports a handler under the name that the processor imports', async () => {
    await expect(exported(event({ type: 'dispensing.completed' }))).resolves.toBeUndefined();
  });
});
