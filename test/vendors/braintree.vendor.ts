import { describe, expect, it } from '@jest/globals';
import { identify } from '../../lambdas/core/receive/identify.ts';
import { braintree } from '../../lambdas/providers/braintree.ts';
import { delivery, NOW, refusal, secret, signed, sourceOf, verified } from '../lambdas/providers/deliveries.ts';
import { load } from './oracle.ts';

interface Gateway {
  readonly webhookNotification: {
    parse(signature: string, payload: string): Promise<{ readonly kind: string; readonly timestamp: string }>;
    verify(challenge: string): string;
  };
  readonly webhookTesting: {
    sampleNotification(kind: string, id: string): { readonly bt_signature: string; readonly bt_payload: string };
  };
}

const { BraintreeGateway, Environment } = await load<{
  BraintreeGateway: new (config: object) => Gateway;
  Environment: { readonly Sandbox: object };
}>('braintree');

const keys = { publicKey: 'a public key', privateKey: 'a private key, of any text' };
const gateway = new BraintreeGateway({ environment: Environment.Sandbox, merchantId: 'merchant', ...keys });
const stored = JSON.stringify(keys);
const accepted = { secrets: [secret(stored)] };
const fieldsOf = (body: Buffer) => Object.fromEntries(new URLSearchParams(body.toString()));
const formOf = (fields: object) => delivery({}, new URLSearchParams({ ...fields }).toString());

describe('braintree, against braintree', () => {
  it('takes what the SDK signs, and reads the same of it', async () => {
    for (const kind of ['subscription_went_past_due', 'dispute_lost', 'transaction_disbursed']) {
      const sample = gateway.webhookTesting.sampleNotification(kind, 'an-id');
      expect(refusal(braintree, formOf(sample), accepted)).toBe('accepted');
      const { kind: theirs } = await gateway.webhookNotification.parse(sample.bt_signature, sample.bt_payload);
      const event = identify(verified(formOf(sample)), sourceOf(braintree));
      expect(event).toMatchObject({ type: theirs });
    }
  });

  it('signs what the SDK takes, and agrees about what was changed', async () => {
    // The SDK also wants its own fields in what it parses.
    const theirSample = formOf(gateway.webhookTesting.sampleNotification('dispute_lost', 'an-id')).body;
    const { body } = signed(braintree, theirSample, { secrets: [stored] });
    const { bt_signature = '', bt_payload = '' } = fieldsOf(body);
    const variants = [
      [bt_signature, bt_payload],
      [bt_signature, bt_payload.trimEnd()],
      [`another|${'0'.repeat(40)}&${bt_signature}`, bt_payload],
      [bt_signature.replace('a public key', 'another'), bt_payload],
      [bt_signature.slice(0, -1) + (bt_signature.endsWith('0') ? '1' : '0'), bt_payload],
      [bt_signature, bt_payload.replace('P', 'Q')],
      [bt_signature, `${bt_payload}<`],
      [bt_signature, ''],
      ['', bt_payload],
    ] as const;
    const verdicts: boolean[] = [];
    for (const [signature, payload] of variants) {
      const ours =
        refusal(braintree, formOf({ bt_signature: signature, bt_payload: payload }), accepted) === 'accepted';
      const theirs = await gateway.webhookNotification.parse(signature, payload).then(
        () => true,
        () => false,
      );
      expect([signature, payload, ours]).toEqual([signature, payload, theirs]);
      verdicts.push(ours);
    }
    expect(new Set(verdicts).size).toBe(2);
  });

  it('answers a challenge as the SDK does', () => {
    const challenge = '20f9f8ed05f77439fe955c977e4c8a53';
    const asked = delivery({}, '', { method: 'GET', url: `https://hooks.example.com/x?bt_challenge=${challenge}` });
    const answer = braintree.handshakes.challenge(asked, stored, { now: NOW, options: {} });
    expect(answer?.body).toBe(gateway.webhookNotification.verify(challenge));
  });
});
