import { describe, expect, it } from '@jest/globals';
import { providerNamed } from '../../../lambdas/providers/index.ts';
import { redox } from '../../../lambdas/providers/redox.ts';
import { woocommerce } from '../../../lambdas/providers/woocommerce.ts';
import { answerTo } from './answer.ts';
import { delivery, later, secretsOf, signed } from './deliveries.ts';
import { outcomeOf } from './outcome.ts';

it.each([
  [
    'stripe',
    '{"id":"evt_1","type":"t","pending_webhooks":2}', //
    '{"id":"evt_1","type":"t","pending_webhooks":1}',
  ],
  ['paddle', '{"event_id":"evt_1","notification_id":"ntf_1"}', '{"event_id":"evt_1","notification_id":"ntf_2"}'],
  ['paysafe', '{"eventType":"T","attemptNumber":"1"}', '{"eventType":"T","attemptNumber":"2"}'],
  [
    'redox',
    '{"Meta":{"Message":{"ID":5},"Logs":[{"ID":"l","AttemptID":"a"}],"Transmission":{"ID":1}}}',
    '{"Meta":{"Message":{"ID":5},"Logs":[{"ID":"l","AttemptID":"b"}],"Transmission":{"ID":2}}}',
  ],
  [
    'trello',
    '{"action":{"id":"a"},"model":{"id":"card"},"webhook":{"id":"1","consecutiveFailures":0}}',
    '{"action":{"id":"a"},"model":{"id":"board"},"webhook":{"id":"2","consecutiveFailures":3}}',
  ],
])('what %s says of an attempt makes no other event', async (name, first, again) => {
  const deliveries = [first, again, first].map((body, at) => [body, later(60 * at)] as const);
  expect(await outcomeOf(providerNamed(name), deliveries)).toEqual({ processed: 1, waiting: 0 });
});

const drive = { subscriptionId: 's', changeType: 'updated', resource: 'me/drive/root', resourceData: null };
const message = { ...drive, resource: 'me/messages/1', resourceData: { id: '1', '@odata.etag': 'W/"1"' } };
const notification = (of: object) => JSON.stringify({ value: [of] });
const declined = { event: 'ORDER_PAYMENT_DECLINED', order_id: '9fc01989', merchant_order_ext_ref: 'Test #3928' };

it.each([
  ['a drive', 'microsoft-graph', notification(drive), 2],
  ['a lifecycle', 'microsoft-graph', notification({ subscriptionId: 's', lifecycleEvent: 'missed' }), 2],
  ['a resource with an entity tag', 'microsoft-graph', notification(message), 1],
  ['a resource with an id', 'microsoft-graph', notification({ ...drive, id: 'n1' }), 1],
  ['an order', 'revolut', JSON.stringify(declined), 2],
  [
    'an account',
    'revolut',
    JSON.stringify({ event: 'TransactionCreated', timestamp: '2026-03-01T09:29:58.753463Z' }),
    1,
  ],
])('the same text about %s, of %s, three hours later', async (_what, name, body, processed) => {
  const deliveries = [0, 0, 3 * 3600].map((seconds) => [body, later(seconds)] as const);
  expect(await outcomeOf(providerNamed(name), deliveries)).toEqual({ processed, waiting: 0 });
});

describe('WooCommerce', () => {
  const order = (id: number, deliveryId: string) =>
    signed(woocommerce, `{"id":${id}}`, {
      headers: { 'x-wc-webhook-delivery-id': deliveryId, 'x-wc-webhook-topic': 'order.updated' },
    });

  it('has one id for all that it sends in one second, and each body is an event', async () => {
    const bulk = [1, 2, 3, 4, 5].map((id) => [order(id, 'of-this-second')] as const);
    expect(await outcomeOf(woocommerce, [...bulk, ...bulk])).toEqual({ processed: 5, waiting: 0 });
  });

  it('is not made a new event by another id, or by none', async () => {
    const { headers, body } = order(1, 'a');
    const none = new Map([...headers].filter(([name]) => name !== 'x-wc-webhook-delivery-id'));
    const bare = { ...order(1, 'a'), headers: none, body };
    expect(await outcomeOf(woocommerce, [[order(1, 'a')], [order(1, 'b')], [bare]])).toEqual({
      ...{ processed: 1, waiting: 0 },
    });
  });

  it('has its ping answered with 200, and nothing else that is not signed', async () => {
    expect(await answerTo(woocommerce, delivery({}, 'webhook_id=7'))).toEqual({ answer: { status: 200 }, events: [] });
    for (const body of ['webhook_id=', 'webhook_id=7&id=1', 'webhook_id=x', '{"id":7}', `webhook_id=${'7'.repeat(20)}`])
      expect((await answerTo(woocommerce, delivery({}, body))).answer.status).toBe(401);
    const forged = delivery({ 'x-wc-webhook-signature': 'AAAA' }, 'webhook_id=7');
    expect((await answerTo(woocommerce, forged)).answer.status).toBe(401);
  });
});

describe('Redox', () => {
  const { stored } = secretsOf(redox);
  const question = (token: string, challenge = 'ec71f2cb-bb2b', more: object = {}) =>
    JSON.stringify({ 'verification-token': token, challenge, ...more });

  it('has its challenge by POST answered, with the token in the body or in the header, and it is no event', async () => {
    for (const asked of [delivery({}, question(stored)), signed(redox, question('any'))])
      expect(await answerTo(redox, asked)).toEqual({ answer: { status: 200, body: 'ec71f2cb-bb2b' }, events: [] });
  });

  it('answers nobody else, and takes the token from no other body', async () => {
    for (const body of [question('other'), question(''), question(stored, 'c', { Meta: {} }), '{"challenge":"c"}'])
      expect((await answerTo(redox, delivery({}, body))).answer.status).toBe(401);
    for (const challenge of ['<script>', '', 'x'.repeat(201)])
      expect((await answerTo(redox, delivery({}, question(stored, challenge)))).answer.status).toBe(400);
    const header = { 'verification-token': 'other' };
    expect((await answerTo(redox, delivery(header, question(stored)))).answer.status).toBe(401);
  });
});
