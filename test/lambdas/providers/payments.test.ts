import { describe, expect, it } from '@jest/globals';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { checkoutCom } from '../../../lambdas/providers/checkout-com.ts';
import { razorpay } from '../../../lambdas/providers/razorpay.ts';
import { delivery, refusal, secret, signed, sourceOf, verified } from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

describe('Checkout.com', () => {
  it('signs the numbers as they are written', () => {
    const { headers, body, secrets } = loadFixture('checkout-com/approved');
    const again = JSON.stringify(JSON.parse(body.toString()));
    expect(again).not.toContain('65.40');
    const with_ = { secrets: [secret(secrets.current)] };
    expect(refusal(checkoutCom, delivery(headers, body), with_)).toBe('accepted');
    expect(refusal(checkoutCom, delivery(headers, again), with_)).toBe('signature_mismatch');
  });
});

describe('Razorpay', () => {
  it('is one event under any id, for the id is not signed', () => {
    const body = '{"event":"payment.captured","created_at":1772357398}';
    const event = (id: string) =>
      identify(verified(signed(razorpay, body, { headers: { 'x-razorpay-event-id': id } })), sourceOf(razorpay));
    expect(event('one')).toMatchObject({ key: 'one', unsignedId: true, time: '2026-03-01T09:29:58.000Z' });
    expect(event('two').bodyHash).toBe(event('one').bodyHash);
  });
});
