import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { mercadoPago } from '../../lambdas/providers/mercado-pago.ts';
import { delivery, later, refusal, secret } from '../lambdas/providers/deliveries.ts';
import { load } from './oracle.ts';

const { WebhookSignatureValidator } = await load<{
  WebhookSignatureValidator: { validate: (given: object) => void };
}>('mercadopago');

describe('mercado-pago, against mercadopago', () => {
  const SECRET = 'a secret';
  const sign = (url: string, request?: string) =>
    mercadoPago.scheme.sign({
      ...{ url, body: Buffer.alloc(0), secrets: [SECRET], now: later(0) },
      ...(request !== undefined && { headers: { 'x-request-id': request } }),
    }).headers['x-signature'] ?? '';
  const theirs = (given: object): boolean => {
    try {
      WebhookSignatureValidator.validate({ secret: SECRET, ...given });
      return true;
    } catch {
      return false;
    }
  };

  it.each([
    ['an id and a request', '999999999', 'request-1'],
    ['an id alone', 'pp-abc', undefined],
    ['a request alone', undefined, 'request-1'],
    ['neither', undefined, undefined],
  ])('agrees about %s', (_what, id, request) => {
    const url = `https://hooks.example.com/webhooks/mercado-pago${id === undefined ? '' : `?data.id=${id}`}`;
    const signature = sign(url, request);
    const verdicts = [
      signature,
      signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      sign(`${url}x`, 'other'),
    ].map((xSignature) => {
      const ours = refusal(mercadoPago, delivery({ 'x-signature': xSignature, 'x-request-id': request }, '', { url }), {
        secrets: [secret(SECRET)],
      });
      const verdict = theirs({ xSignature, xRequestId: request, dataId: id });
      expect([xSignature, ours === 'accepted']).toEqual([xSignature, verdict]);
      return verdict;
    });
    expect(verdicts).toEqual([true, false, false]);
  });

  // The vendor's page has the id in lower case before it is signed, which the SDK does not do.
  it('takes an id of capital letters as the page signs it, too', () => {
    const [id, ts] = ['ORD01JQ4S4', '1772357402123'];
    const verdictsOn = (signedId: string) => {
      const mac = createHmac('sha256', SECRET).update(`id:${signedId};ts:${ts};`).digest('hex');
      const xSignature = `ts=${ts},v1=${mac}`;
      const of = delivery({ 'x-signature': xSignature }, '', { url: `https://hooks.example.com/mp?data.id=${id}` });
      return [refusal(mercadoPago, of, { secrets: [secret(SECRET)] }), theirs({ xSignature, dataId: id })];
    };
    expect(verdictsOn(id)).toEqual(['accepted', true]);
    expect(verdictsOn(id.toLowerCase())).toEqual(['accepted', false]);
  });
});
