import { describe, expect, it } from '@jest/globals';
import { secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { paddle } from '../../../lambdas/providers/paddle.ts';
import { shopify } from '../../../lambdas/providers/shopify.ts';
import { square } from '../../../lambdas/providers/square.ts';
import { eventsIn } from './answer.ts';
import { later, refusal, sampled, signed, withHeader } from './deliveries.ts';

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

describe('Paddle', () => {
  const valid = signed(paddle, '{"event_id":"evt_1"}');
  const [value = ''] = valid.headers.get('paddle-signature') ?? [];
  const says = (text: string) => refusal(paddle, withHeader(valid, 'paddle-signature', [text]));

  it('takes any of several h1, though the SDK looks at the last alone', () => {
    expect(says(`${value};h1=${'0'.repeat(64)}`)).toBe('accepted');
    expect(says(value.replace(';', ','))).toBe('missing_signature');
    expect(says(value.replace('h1=', 'h2='))).toBe('missing_signature');
  });

  it('may be off by five minutes either way', () => {
    for (const seconds of [-300, -6, 6, 300]) expect(refusal(paddle, valid, { now: later(seconds) })).toBe('accepted');
    for (const seconds of [-301, 301])
      expect(refusal(paddle, valid, { now: later(seconds) })).toBe('timestamp_out_of_window');
  });
});

describe('Square', () => {
  const body = '{"event_id":"e1","type":"payment.updated"}';

  it('signs the URL that is registered, to the last character', () => {
    const registered = 'https://shop.example.com/square?shop=1';
    const valid = signed(square, body, { url: registered });
    expect(refusal(square, valid)).toBe('signature_mismatch');
    expect(refusal(square, valid, { options: { publicUrl: registered } })).toBe('accepted');
    expect(refusal(square, valid, { options: { publicUrl: `${registered}/` } })).toBe('signature_mismatch');
  });

  it('takes no query of a request for a part of the signed URL: bytes of the body could be moved there', () => {
    const valid = signed(square, body);
    expect(refusal(square, { ...valid, url: `${valid.url}?${body}`, body: Buffer.alloc(0) })).toBe(
      'signature_mismatch',
    );
    expect(refusal(square, signed(square, body, { url: `${valid.url}?a` }))).toBe('signature_mismatch');
  });

  it("does not take its page's keys for one", () => {
    for (const key of ['asdf1234', 'Ibxx_5AKakO-3qeNVR61Dw', 'signature-key'])
      expect(secretFlaw(key)).toBe('placeholder');
  });
});
