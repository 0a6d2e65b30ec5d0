import { expect, it } from '@jest/globals';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { Received } from '../../../lambdas/core/received.ts';
import { capableHealth } from '../../../lambdas/providers/capable-health.ts';
import { generic } from '../../../lambdas/providers/generic.ts';
import { mailgun } from '../../../lambdas/providers/mailgun.ts';
import { mercadoPago } from '../../../lambdas/providers/mercado-pago.ts';
import { meta } from '../../../lambdas/providers/meta/index.ts';
import { plaid } from '../../../lambdas/providers/plaid.ts';
import { pusher } from '../../../lambdas/providers/pusher.ts';
import { quickbooks } from '../../../lambdas/providers/quickbooks.ts';
import { twilio } from '../../../lambdas/providers/twilio/index.ts';
import { webflow } from '../../../lambdas/providers/webflow.ts';
import { delivery, NOW, later, signed } from './deliveries.ts';
import { outcomeOf } from './outcome.ts';

const CUTS: readonly (readonly number[])[] = [[1, 2], [1], [2], [2, 1], [1, 2]];
const cutBy = (write: (items: readonly string[]) => string, item: (of: number) => object) =>
  CUTS.map((cut) => [write(cut.map((of) => JSON.stringify(item(of))))] as const);

it.each<[string, Provider, (items: readonly string[]) => string, (of: number) => object]>([
  [
    'messages of WhatsApp',
    meta,
    (items) => `{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[${items.join()}]}}]}]}`,
    (of) => ({ id: `wamid.${of}`, type: 'text' }),
  ],
  [
    'messages of WhatsApp, in changes of their own',
    meta,
    (items) =>
      `{"entry":[{"id":"1","changes":[${items.map((item) => `{"field":"messages","value":{"messages":[${item}]}}`).join()}]}]}`,
    (of) => ({ id: `wamid.${of}`, type: 'text' }),
  ],
  [
    'statuses of WhatsApp',
    meta,
    (items) => `{"entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[${items.join()}]}}]}]}`,
    (of) => ({ id: 'wamid.1', status: of === 1 ? 'sent' : 'read' }),
  ],
  [
    'changes of a page',
    meta,
    (items) => `{"entry":[{"id":"1","time":1772357400,"changes":[${items.join()}]}]}`,
    (of) => ({ field: 'feed', value: { item: of } }),
  ],
  [
    'messages of Messenger, whose entries have other times',
    meta,
    (items) => `{"entry":[{"id":"1","time":${1772357400000 + items.length},"messaging":[${items.join()}]}]}`,
    (of) => ({ timestamp: 1772357400000, message: { mid: `m_${of}` } }),
  ],
  [
    'entities of a company',
    quickbooks,
    (items) => `{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[${items.join()}]}}]}`,
    (of) => ({ name: 'Customer', id: String(of), operation: 'Create', lastUpdated: '2026-03-01T09:29:58.000Z' }),
  ],
  ['CloudEvents of Intuit', quickbooks, (items) => `[${items.join()}]`, (of) => ({ id: String(of), type: 't' })],
  ['events of a stream', twilio, (items) => `[${items.join()}]`, (of) => ({ id: `EZ${of}`, type: 't', data: {} })],
  [
    'events of a channel',
    pusher,
    (items) => `{"time_ms":1772357400000,"events":[${items.join()}]}`,
    (of) => ({ name: 'channel_occupied', channel: `c${of}` }),
  ],
])('a retry that is cut otherwise processes nothing twice: %s', async (_what, provider, write, item) => {
  expect(await outcomeOf(provider, cutBy(write, item))).toEqual({ processed: 2, waiting: 0 });
});

it.each<[Provider, (id: string) => string]>([
  [mailgun, (id) => `{"signature":{},"event-data":{"id":"${id}","event":"delivered"}}`],
  [mercadoPago, (id) => `{"id":"${id}","action":"payment.created","data":{}}`],
])('one captured proof of $name that says nothing of the body serves for one event', async (provider, body) => {
  const first = signed(provider, body('1'), { now: NOW });
  // The proof in the body of another event; if it is in headers, it is there as it is.
  const { signature } = JSON.parse(first.body.toString()) as { signature?: object };
  const other = { ...(JSON.parse(body('2')) as object), ...(signature && { signature }) };
  const captured = { ...first, body: Buffer.from(JSON.stringify(other)) };
  const again = signed(provider, body('1'), { now: later(60) });
  expect(
    await outcomeOf(
      provider,
      [first, first, captured, captured, again].map((of) => [of, NOW] as const),
    ),
  ).toEqual({
    ...{ processed: 1, waiting: 1 },
  });
});

it('two equal events of one channel are two', async () => {
  const event = '{"name":"channel_occupied","channel":"c"}';
  const of = (count: number) => [`{"time_ms":1772357400000,"events":[${Array(count).fill(event).join()}]}`] as const;
  expect(await outcomeOf(pusher, [of(2), of(1), of(2)])).toEqual({ processed: 2, waiting: 0 });
});

it.each<[Provider, string]>([
  [
    plaid,
    '{"webhook_type":"TRANSACTIONS","webhook_code":"SYNC_UPDATES_AVAILABLE","item_id":"i","environment":"production"}',
  ],
  [capableHealth, '{"type":"patient.updated","data":{"id":"5"}}'],
  [webflow, '{"triggerType":"ecomm_inventory_changed","payload":{"id":"5","quantity":4}}'],
])('the same text on another day is another event of $name; the same delivery again is not', async (provider, body) => {
  const days = [0, 0, 86_400, 86_400, 7 * 86_400].map((seconds) => [body, later(seconds)] as const);
  expect(await outcomeOf(provider, days)).toEqual({ processed: 3, waiting: 0 });
});

it('a generic sender has its signed timestamp in the key if its options say so', () => {
  const keyAt = (time: string, options: object) =>
    [
      generic.readEvents(
        new Received(delivery({ 'x-time': time }), {
          now: NOW,
          options: { identity: 'body hash and timestamp', timestampHeader: 'x-time', ...options },
        }),
      ),
    ].flat()[0]?.key;
  expect(keyAt('1', {})).not.toEqual(keyAt('2', {}));
  // A time that nobody has signed would make any delivery a new event.
  expect(keyAt('1', { scheme: 'bearer' })).toEqual(keyAt('2', { scheme: 'bearer' }));
});
