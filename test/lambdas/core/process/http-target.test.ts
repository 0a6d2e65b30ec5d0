import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { failureOf, isSigningSecret, targetRequest } from '../../../../lambdas/core/process/http-target.ts';
import type { HandledEvent } from '../../../../lambdas/core/process/handle.ts';

const event: HandledEvent = {
  ...{ source: 'stripe.partner', provider: 'stripe', key: 'evt ü', type: 'invoice.paid', via: 'webhook' },
  ...{ receivedAt: '2026-03-01T09:00:00.000Z', contentType: 'application/json', body: Buffer.from('{"n":1.10}') },
};
const [old, fresh] = ['a', 'b'].map((seed) => `whsec_${Buffer.alloc(32, seed).toString('base64')}`) as [string, string];
const request = (task: Partial<Parameters<typeof targetRequest>[0]> = {}, now = new Date()) =>
  targetRequest({ event, ...task }, [fresh, old], now);

describe('the request to an HTTP target', () => {
  it.each([old, fresh])('is signed with every secret that is accepted now (%#)', (secret) => {
    const { headers, body } = request();
    expect(new Webhook(secret).verify(body.toString(), { ...headers })).toStrictEqual({ n: 1.1 });
  });

  it('says which event it is, in ASCII, by the name of the source and not of the target', () => {
    expect(request().headers).toMatchObject({
      ...{ 'hookgate-source': 'stripe', 'hookgate-provider': 'stripe', 'hookgate-type': 'invoice.paid' },
      ...{ 'hookgate-key': 'evt%20%C3%BC', 'content-type': 'application/json' },
    });
  });

  it('has one id for each try, another for each order, and another for each event', () => {
    const ids = [
      ...[request(), request({}, new Date('2026-03-02T09:00:00Z'))],
      ...[request({ order: 'one' }), request({ order: 'two' }), request({ event: { ...event, key: 'other' } })],
    ].map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toMatch(/^evt_[0-9a-f]{32}$/);
  });
});

describe('an answer', () => {
  it.each([200, 202, 204, 299])('of %d is success', (status) => {
    expect(failureOf(status)).toBeUndefined();
  });

  it.each([
    [301, 'http_301_redirect', false],
    [400, 'http_400_refused', false],
    [410, 'http_410_refused', true],
    [429, 'http_429_unavailable', false],
    [503, 'http_503_unavailable', false],
  ])('of %d is the failure %s', (status, name, isPermanent) => {
    expect(failureOf(status)).toStrictEqual({ name, isPermanent });
  });
});

it.each([
  [`whsec_${Buffer.alloc(24, 1).toString('base64')}`, true],
  ['whsec_', false],
  ['whsec_no base64!', false],
  ['', false],
])('signs with %j: %j', (value, signs) => expect(isSigningSecret(value)).toBe(signs));
