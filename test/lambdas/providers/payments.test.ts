import { describe, expect, it } from '@jest/globals';
import { identify, identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { checkoutCom } from '../../../lambdas/providers/checkout-com.ts';
import { gocardless } from '../../../lambdas/providers/gocardless/index.ts';
import { razorpay } from '../../../lambdas/providers/razorpay.ts';
import { answerTo } from './answer.ts';
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

describe('GoCardless', () => {
  const { headers, body } = loadFixture('gocardless/two-events');

  it('makes of a delivery the events in it, each with its own bytes', () => {
    const events = identifyAll(verified(delivery(headers, body)), sourceOf(gocardless));
    expect(events.map(({ key, type }) => [key, type])).toEqual([
      ['EV00BD05S5VM2T', 'subscriptions.created'],
      ['EV00BD05TB8K63', 'mandates.created'],
    ]);
    for (const event of events) expect(JSON.parse(event.body.toString())).toMatchObject({ id: event.key });
    expect(events[0]?.time).toBe('2026-03-01T09:29:57.000Z');
  });

  it('is answered with 498 if it is not authentic', async () => {
    const { answer, events } = await answerTo(gocardless, delivery(headers, body));
    expect(answer).toEqual({ status: 498, body: { error: 'signature_mismatch' } });
    expect(events).toEqual([]);
  });

  it('has an event without an id wait alone', () => {
    const mixed = signed(gocardless, '{"events":[{"resource_type":"payments","action":"paid"},{"id":"EV1"}]}');
    const events = identifyAll(verified(mixed), sourceOf(gocardless));
    expect(events.map(({ quarantine }) => quarantine)).toEqual(['no_event_id', undefined]);
  });
});
