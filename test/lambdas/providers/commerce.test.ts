import { describe, expect, it } from '@jest/globals';
import { identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { adyen } from '../../../lambdas/providers/adyen.ts';
import { paddle } from '../../../lambdas/providers/paddle/index.ts';
import { plaid } from '../../../lambdas/providers/plaid.ts';
import { shopify } from '../../../lambdas/providers/shopify.ts';
import { square } from '../../../lambdas/providers/square.ts';
import { answerTo, eventsIn } from './answer.ts';
import {
  delivery,
  later,
  NOW,
  publishedKey,
  refusal,
  sampled,
  secretsOf,
  signed,
  sourceOf,
  verified,
  withHeader,
} from './deliveries.ts';

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

  it('has the id of the delivery if the older headers name no event', () => {
    const [event] = eventsIn(shopify, '{"id":1}', { 'x-shopify-webhook-id': 'w1', 'x-shopify-topic': 'orders/create' });
    expect(event).toMatchObject({ key: 'orders/create:w1', unsignedId: true });
    expect(event).not.toHaveProperty('quarantine');
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

describe('Adyen', () => {
  const { stored } = secretsOf(adyen);
  const item = (pspReference: string) => ({
    NotificationRequestItem: {
      pspReference,
      eventCode: 'AUTHORISATION',
      success: 'true',
      amount: { value: 1, currency: 'EUR' },
    },
  });
  const bodyOf = (...items: object[]) => JSON.stringify({ live: 'false', notificationItems: items });
  const valid = signed(adyen, bodyOf(item('1'), item('2')));
  const changed = (change: (text: string) => string) => ({
    ...valid,
    body: Buffer.from(change(valid.body.toString())),
  });

  it('refuses all for one item that is forged, or not signed', () => {
    expect(refusal(adyen, valid)).toBe('accepted');
    expect(
      refusal(
        adyen,
        changed((text) => text.replace('"pspReference":"2"', '"pspReference":"3"')),
      ),
    ).toBe('signature_mismatch');
    const { notificationItems } = JSON.parse(valid.body.toString()) as { notificationItems: object[] };
    expect(refusal(adyen, delivery({}, bodyOf(...notificationItems, item('3'))))).toBe('missing_signature');
    expect(refusal(adyen, delivery({}, bodyOf()))).toBe('missing_signature');
  });

  it('proves eight fields, and says so: others can be changed, and are a conflict then', () => {
    const other = changed((text) => text.replace('"eventCode"', '"reason":"made up","eventCode"'));
    expect(refusal(adyen, other)).toBe('accepted');
    const events = (of: typeof valid) => identifyAll(verified(of), sourceOf(adyen));
    expect(events(other)[0]).toMatchObject({ coverage: 'fields', key: events(valid)[0]?.key });
    expect(events(other)[0]?.bodyHash).not.toBe(events(valid)[0]?.bodyHash);
  });

  it('is refused if its fields were cut otherwise under the same signature; its own reference may have a colon', () => {
    const account = { merchantAccountCode: 'M', merchantReference: 'order:1' };
    const made = signed(
      adyen,
      bodyOf({ NotificationRequestItem: { ...item('1').NotificationRequestItem, ...account } }),
    );
    const { notificationItems } = JSON.parse(made.body.toString()) as {
      notificationItems: { NotificationRequestItem: object }[];
    };
    const says = (fields: object) =>
      refusal(
        adyen,
        delivery(
          {},
          bodyOf({ NotificationRequestItem: { ...notificationItems[0]?.NotificationRequestItem, ...fields } }),
        ),
      );
    expect(says({})).toBe('accepted');
    for (const fields of [
      { pspReference: '1:', originalReference: 'M', merchantAccountCode: 'order', merchantReference: '1' },
      { merchantAccountCode: 'M:order', merchantReference: '1' },
      { pspReference: { toString: 1 } },
    ])
      expect(says(fields)).toBe('malformed_signature');
    // Another kind of value with the same text is the same event.
    const [text, flag] = ['true', true].map((success) => {
      const of = bodyOf({ NotificationRequestItem: { ...item('1').NotificationRequestItem, success } });
      return identifyAll(verified(signed(adyen, of)), sourceOf(adyen))[0]?.key;
    });
    expect(text).toBe(flag);
  });

  it('has each item as an event, and waits for the text that Adyen wants', async () => {
    const of = signed(adyen, bodyOf(item('1')));
    expect((await answerTo(adyen, of)).answer).toEqual({ status: 200, body: '[accepted]' });
    const [event] = identifyAll(verified(of), sourceOf(adyen));
    expect(event).toMatchObject({ key: 'AUTHORISATION:1:true', type: 'AUTHORISATION' });
    expect(identifyAll(verified(valid), sourceOf(adyen))).toHaveLength(2);
  });

  it("has a key in hex, and does not take its page's for one", () => {
    expect(adyen.scheme.accepts(stored)).toBe(true);
    for (const text of ['', 'not hex', 'abcd']) expect(adyen.scheme.accepts(text)).toBe(false);
    expect(secretFlaw('44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056')).toBe('placeholder');
  });
});

describe('Plaid', () => {
  const requestFor = (environment: string) => {
    const signature = plaid.scheme.read(signed(plaid, '{}'), { now: NOW, options: { environment } });
    if (!signature.ok || !('keyFor' in signature.value)) throw new Error('no key is asked for');
    return signature.value.keyFor('{"clientId":"id","secret":"s3cret"}');
  };
  const answer = (status: number, body: object) => ({ status, headers: new Map(), body: JSON.stringify(body) });
  const jwk = { ...publishedKey(plaid).export({ format: 'jwk' }), kid: 'key-1', alg: 'ES256' };

  it('asks the host of its environment for one key, with both credentials', () => {
    const { call, isSingle } = requestFor('sandbox');
    expect(call).toMatchObject({ method: 'POST', url: 'https://sandbox.plaid.com/webhook_verification_key/get' });
    expect(JSON.parse(call.body ?? '')).toMatchObject({ client_id: 'id', secret: 's3cret' });
    expect(isSingle).toBe(true);
    expect(requestFor('production').call.url).toContain('https://production.plaid.com/');
  });

  it('takes no key that has expired or that Plaid does not know, and knows nothing from any other answer', () => {
    const request = requestFor('sandbox');
    expect(request.read(answer(200, { key: { ...jwk, expired_at: null } }))?.has('key-1')).toBe(true);
    expect(request.read(answer(200, { key: { ...jwk, expired_at: 1_560_466_150 } }))?.size).toBe(0);
    expect(request.read(answer(400, { error_code: 'INVALID_WEBHOOK_VERIFICATION_KEY_ID' }))?.size).toBe(0);
    for (const [status, body] of [
      [400, { error_code: 'INVALID_API_KEYS' }],
      [200, {}],
      [500, {}],
    ] as const)
      expect(request.read(answer(status, body))).toBeUndefined();
  });

  it('has the events of the other environment in quarantine', () => {
    const [event] = eventsIn(plaid, '{"webhook_type":"ITEM","webhook_code":"ERROR","environment":"sandbox"}');
    expect(event).toMatchObject({ type: 'ITEM.ERROR', quarantine: 'wrong_environment' });
  });
});
