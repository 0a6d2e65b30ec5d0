import { describe, expect, it } from '@jest/globals';
import { adyen } from '../../lambdas/providers/adyen.ts';
import { delivery, refusal, sampled, secret, secretsOf, signed } from '../lambdas/providers/deliveries.ts';
import { load } from './oracle.ts';

interface Item {
  additionalData: { hmacSignature?: string };
  [name: string]: unknown;
}

const { hmacValidator } = await load<{
  hmacValidator: new () => {
    validateHMAC(item: Item, key: string): boolean;
    calculateHmac(item: Item, key: string): string;
  };
}>('@adyen/api-library');

// The signature is in the body, so the cases of oracle.ts do not fit.
describe('adyen, against @adyen/api-library', () => {
  const { stored } = secretsOf(adyen);
  const sdk = new hmacValidator();
  const { body } = signed(adyen, sampled(adyen).body);
  const itemIn = (of: Buffer): Item =>
    (JSON.parse(of.toString()) as { notificationItems: [{ NotificationRequestItem: Item }] }).notificationItems[0]
      .NotificationRequestItem;
  const with1 = (change: (item: Item) => Item): Buffer =>
    Buffer.from(JSON.stringify({ notificationItems: [{ NotificationRequestItem: change(itemIn(body)) }] }));

  it.each<[string, (item: Item) => Item]>([
    ['as it is signed', (item) => item],
    ['of another amount', (item) => ({ ...item, amount: { value: 1131, currency: 'EUR' } })],
    ['of another reference', (item) => ({ ...item, merchantReference: 'another' })],
    ['with a reason, which is not signed', (item) => ({ ...item, reason: 'another' })],
    [
      'whose colon has moved to the field beside it',
      (item) => ({ ...item, pspReference: `${String(item.pspReference)}:` }),
    ],
    ['with half a signature', (item) => ({ ...item, additionalData: { hmacSignature: 'AAAA' } })],
    ['with nothing missing but the original reference', (item) => ({ ...item, originalReference: '' })],
  ])('agrees about an item %s', (_what, change) => {
    const of = with1(change);
    expect(refusal(adyen, delivery({}, of)) === 'accepted').toBe(sdk.validateHMAC(itemIn(of), stored));
  });

  it('agrees in the other direction', () => {
    const of = with1((item) => {
      const bare = { ...item, merchantReference: 'ü ☕' };
      return { ...bare, additionalData: { hmacSignature: sdk.calculateHmac(bare, stored) } };
    });
    expect(refusal(adyen, delivery({}, of))).toBe('accepted');
    expect(refusal(adyen, delivery({}, of), { secrets: [secret(secretsOf(adyen, 'another').stored)] })).toBe(
      'signature_mismatch',
    );
  });
});
