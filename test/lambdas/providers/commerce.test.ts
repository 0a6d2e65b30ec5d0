import { describe, expect, it } from '@jest/globals';
import { shopify } from '../../../lambdas/providers/shopify.ts';
import { eventsIn } from './answer.ts';
import { refusal, sampled, signed, withHeader } from './deliveries.ts';

describe('Shopify', () => {
  const { body, headers } = sampled(shopify);
  const valid = signed(shopify, body, { headers });
  const [value = ''] = valid.headers.get('x-shopify-hmac-sha256') ?? [];

  it('takes the signature under either name', () => {
    const bare = withHeader(valid, 'x-shopify-hmac-sha256', undefined);
    expect(refusal(shopify, bare)).toBe('missing_signature');
    expect(refusal(shopify, withHeader(bare, 'shopify-hmac-sha256', [value]))).toBe('accepted');
    expect(refusal(shopify, withHeader(valid, 'shopify-hmac-sha256', ['AAAA']))).toBe('accepted');
    expect(refusal(shopify, withHeader(bare, 'shopify-hmac-sha256', ['AAAA']))).toBe('malformed_signature');
  });

  it('has one id for all topics of one action, and each topic as an event', () => {
    const event = (topic: string) =>
      eventsIn(shopify, '{"id":1}', { 'x-shopify-event-id': 'e1', 'x-shopify-topic': topic })[0];
    expect(event('products/update')).toMatchObject({ type: 'products/update', unsignedId: true });
    expect(event('products/update')?.key).not.toBe(event('inventory_items/update')?.key);
  });

  it('has the id of the newer Events in another header', () => {
    const [event] = eventsIn(shopify, '{"id":1}', { 'shopify-webhook-id': 'w1', 'shopify-topic': 'Product' });
    expect(event).toMatchObject({ key: 'Product:w1', type: 'Product', unsignedId: true });
  });

  it('waits in quarantine without an id', () => {
    expect(eventsIn(shopify, '{"id":1}', { 'x-shopify-topic': 'orders/create' })).toMatchObject([
      { quarantine: 'no_event_id', type: 'orders/create' },
    ]);
  });
});
