import { createHmac, createPublicKey } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { identify, identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { braintree } from '../../../lambdas/providers/braintree.ts';
import { checkoutCom } from '../../../lambdas/providers/checkout-com.ts';
import { fireblocks } from '../../../lambdas/providers/fireblocks.ts';
import { gocardless } from '../../../lambdas/providers/gocardless/index.ts';
import { mercadoPago } from '../../../lambdas/providers/mercado-pago.ts';
import { paypal } from '../../../lambdas/providers/paypal.ts';
import { razorpay } from '../../../lambdas/providers/razorpay.ts';
import { answerTo, eventsIn } from './answer.ts';
import { delivery, NOW, refusal, secret, signed, sourceOf, verified } from './deliveries.ts';
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

describe('Braintree', () => {
  const { headers, body, secrets } = loadFixture('braintree/past-due');
  const accepted = { secrets: [secret(secrets.current)] };
  const form = () => new URLSearchParams(body.toString());
  const says = (change: (fields: URLSearchParams) => void): string => {
    const fields = form();
    change(fields);
    return refusal(braintree, delivery(headers, fields.toString()), accepted);
  };
  const CHALLENGE = '20f9f8ed05f77439fe955c977e4c8a53';
  const ANSWER = 'integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4';
  const ask = (challenge: string, method = 'GET') =>
    braintree.handshakes.challenge(
      delivery({}, '', { method, url: `https://hooks.example.com/webhooks/braintree?bt_challenge=${challenge}` }),
      secrets.current,
      { now: NOW, options: {} },
    );

  it('answers the challenge that its SDK publishes', () => {
    expect(ask(CHALLENGE)).toEqual({ status: 200, body: ANSWER });
  });

  it('signs nothing that is not a challenge, and takes no challenge for a notification', () => {
    for (const other of ['', '20f9', 'a'.repeat(33), `${CHALLENGE.slice(1)}g`, CHALLENGE.toUpperCase()])
      expect(ask(other)).toBeUndefined();
    expect(ask(CHALLENGE, 'HEAD')).toBeUndefined();
    for (const end of ['', '\n']) {
      const forged = new URLSearchParams({ bt_signature: ANSWER, bt_payload: CHALLENGE + end }).toString();
      expect(refusal(braintree, delivery(headers, forged), accepted)).toBe('malformed_signature');
    }
  });

  it('takes the signature beside its own public key, and no other', () => {
    const own = form().get('bt_signature')?.split('&')[1] ?? '';
    const payload = form().get('bt_payload') ?? '';
    const cases: readonly [Record<string, string>, string][] = [
      [{ bt_signature: own }, 'accepted'],
      [{ bt_signature: own.replace('integration', 'another') }, 'signature_mismatch'],
      [{ bt_signature: own.split('|')[1] ?? '' }, 'malformed_signature'],
      [{ bt_signature: Array(11).fill(own).join('&') }, 'malformed_signature'],
      [{ bt_payload: `${payload}<` }, 'malformed_signature'],
      [{ bt_payload: payload.replace('P', 'Q') }, 'signature_mismatch'],
      // A line break that was lost on the way is put back; nothing else is.
      [{ bt_payload: payload.trimEnd() }, 'accepted'],
      [{ bt_payload: `${payload}\n` }, 'signature_mismatch'],
    ];
    for (const [change, expected] of cases)
      expect(says((fields) => Object.entries(change).forEach(([name, value]) => fields.set(name, value)))).toBe(
        expected,
      );
    // Nothing would sign a third field.
    for (const name of ['bt_signature', 'bt_payload', 'other'])
      expect(says((fields) => fields.append(name, own))).toBe('missing_signature');
  });

  it('reads the kind and the time of the notification, and not those of its subject', () => {
    const event = identify(verified(delivery(headers, body)), sourceOf(braintree));
    expect(event).toMatchObject({ type: 'subscription_went_past_due', time: '2026-03-01T09:30:01.000Z' });
    // The same payload, signed by another key, is the same event.
    const again = form();
    again.set('bt_signature', 'x|y');
    expect(identify(verified(delivery(headers, again.toString())), sourceOf(braintree)).key).toBe(event.key);
  });

  it('has a payload that is not a notification wait', () => {
    for (const xml of ['', 'no XML', '<notification><subject><kind>of the subject</kind></subject></notification>']) {
      const bt_payload = Buffer.from(xml).toString('base64');
      const of = delivery(headers, new URLSearchParams({ bt_signature: '', bt_payload }).toString());
      expect(identify(verified(of), sourceOf(braintree)).quarantine).toBe('no_event_type');
    }
  });
});

describe('PayPal', () => {
  const { headers, body, now, secrets, publicKey = '' } = loadFixture('paypal/completed');
  const context = { secrets: [secret(secrets.current)], now, key: createPublicKey(publicKey) };
  const says = (change: Record<string, string>, of: Buffer = body) =>
    refusal(paypal, delivery({ ...headers, ...change }, of), context);
  const keyRequest = (url: string) => {
    const signature = paypal.scheme.read(delivery({ ...headers, 'paypal-cert-url': url }, body), { now, options: {} });
    return signature.ok && 'keyFor' in signature.value ? signature.value.keyFor('') : undefined;
  };

  it('fetches certificates from the hosts of PayPal, and from nowhere else', () => {
    for (const host of ['api.paypal.com', 'api.sandbox.paypal.com', 'api-m.paypal.com', 'api-m.sandbox.paypal.com']) {
      const url = `https://${host}/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270`;
      expect(keyRequest(url)?.call).toEqual({ method: 'GET', url });
    }
    for (const url of [
      'http://api.paypal.com/v1/notifications/certs/CERT-1',
      'https://api.paypal.com.example.com/v1/notifications/certs/CERT-1',
      'https://api.paypal.com@example.com/v1/notifications/certs/CERT-1',
      'https://example.com/https://api.paypal.com/v1/notifications/certs/CERT-1',
      'https://evil-api.paypal.com/v1/notifications/certs/CERT-1',
      'https://api.paypal.com/v1/notifications/certs/../../CERT-1',
      'https://api.paypal.com/v1/notifications/certs/CERT-1?x=y',
      'https://api.paypal.com/v1/notifications/certs/',
      'https://api.paypal.com:8443/v1/notifications/certs/CERT-1',
    ])
      expect(says({ 'paypal-cert-url': url })).toBe('malformed_signature');
  });

  it('reads a certificate, and tells an unknown one from a host that does not answer', () => {
    const request = keyRequest(headers['paypal-cert-url'] ?? '');
    const read = (status: number, text: string) => request?.read({ status, headers: new Map(), body: text });
    expect(read(200, loadFixture('sns/notification').publicKey ?? '')?.size).toBe(1);
    expect(read(404, '')?.size).toBe(0);
    for (const status of [200, 302, 500]) expect(read(status, status === 200 ? publicKey : '')).toBeUndefined();
  });

  it('covers the transmission, the CRC of the body and the webhook that it is for', () => {
    expect(says({})).toBe('accepted');
    expect(says({ 'paypal-transmission-id': 'another' })).toBe('signature_mismatch');
    expect(says({ 'paypal-transmission-time': '2026-03-01T09:30:03Z' })).toBe('signature_mismatch');
    expect(says({}, Buffer.from(body.toString().replace('7.47', '7.48')))).toBe('signature_mismatch');
    const another = { ...context, secrets: [secret('1JE4291016473214D')] };
    expect(refusal(paypal, delivery(headers, body), another)).toBe('signature_mismatch');
  });

  it('covers no more than the CRC: another body that has the same one is taken, and its events say so', () => {
    // Four bytes bring the CRC of any text to any value.
    const forged = Buffer.concat([Buffer.from('{"id":"forged","event_type":"t","x":"'), Buffer.alloc(4)]);
    const wanted = crc32(body);
    const table = Array.from({ length: 256 }, (_, index) => {
      let value = index;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
      return value >>> 0;
    });
    let state = ~wanted >>> 0;
    for (let step = 0; step < 4; step++) {
      const index = table.findIndex((value) => value >>> 24 === state >>> 24);
      state = (((state ^ (table[index] ?? 0)) << 8) | index) >>> 0;
    }
    const before = ~crc32(forged.subarray(0, -4)) >>> 0;
    forged.writeUInt32LE((state ^ before) >>> 0, forged.length - 4);
    expect(crc32(forged)).toBe(wanted);
    expect(says({}, forged)).toBe('accepted');
    expect(paypal.scheme.coverage).toBe('fields');
  });

  it('takes no other algorithm, and nothing that could be moved across a "|"', () => {
    expect(says({ 'paypal-auth-algo': 'sha256WithRSA' })).toBe('accepted');
    expect(says({ 'paypal-auth-algo': 'SHA1withRSA' })).toBe('malformed_signature');
    const [id = '', time = ''] = [headers['paypal-transmission-id'], headers['paypal-transmission-time']];
    const moved = { 'paypal-transmission-id': `${id}|${time}`, 'paypal-transmission-time': secrets.current };
    expect(says(moved)).toBe('malformed_signature');
  });

  it('takes a retry of three days, and nothing older than four', () => {
    const late = (days: number) =>
      refusal(paypal, delivery(headers, body), { ...context, now: new Date(now.getTime() + days * 86_400_000) });
    expect([late(3), late(4.1)]).toEqual(['accepted', 'timestamp_out_of_window']);
  });
});

describe('Fireblocks', () => {
  const { headers, body, now, secrets, publicKey = '' } = loadFixture('fireblocks/status');
  const context = { secrets: [secret(secrets.current)], now, key: createPublicKey(publicKey) };
  const [head = '', , mac = ''] = (headers['fireblocks-webhook-signature'] ?? '').split('.');
  const says = (signature: string, of: Buffer = body) =>
    refusal(fireblocks, delivery({ 'fireblocks-webhook-signature': signature }, of), context);
  const withHead = (fields: object) => `${Buffer.from(JSON.stringify(fields)).toString('base64url')}..${mac}`;

  it('is for the workspace of the source, because Fireblocks signs for all its customers', () => {
    expect(says(`${head}..${mac}`)).toBe('accepted');
    const another = { ...context, secrets: [secret('a89672f5-8f76-4dd2-a1a2-0d8a1a1dbb42')] };
    expect(refusal(fireblocks, delivery(headers, body), another)).toBe('signature_mismatch');
    const [event] = eventsIn(fireblocks, '{"id":"1","eventType":"t","createdAt":1}');
    expect(event).toMatchObject({ key: '1', quarantine: 'wrong_environment' });
  });

  it('lets no header choose how it is verified', () => {
    for (const alg of ['none', 'HS256', 'RS256', 'PS512', 'rs512'])
      expect(says(withHead({ alg, kid: 'k' }))).toBe('malformed_signature');
    expect(says(withHead({ alg: 'RS512', kid: 'k', crit: ['b64'], b64: false }))).toBe('malformed_signature');
    expect(says(withHead({ alg: 'RS512', kid: 'another' }))).toBe('signature_mismatch');
  });

  it('carries no payload of its own, and covers each byte of the body', () => {
    expect(says(`${head}.${body.toString('base64url')}.${mac}`)).toBe('malformed_signature');
    expect(says(`${head}.${mac}`)).toBe('malformed_signature');
    expect(says(`${head}..${mac}.`)).toBe('malformed_signature');
    expect(says(`${head}..${mac}`, Buffer.from(body.toString().replace('0.10', '0.1')))).toBe('signature_mismatch');
  });

  it('has its keys from the region of the source', () => {
    const urlFor = (region?: string) => {
      const signature = fireblocks.scheme.read(delivery(headers, body), { now, options: { region } });
      return signature.ok && 'keyFor' in signature.value ? signature.value.keyFor('').call.url : undefined;
    };
    const hosts = ['keys', 'keys', 'eu-keys', 'eu2-keys', 'sandbox-keys'];
    expect([undefined, 'us', 'eu', 'eu2', 'sandbox'].map(urlFor)).toEqual(
      hosts.map((host) => `https://${host}.fireblocks.io/.well-known/jwks.json`),
    );
  });
});

describe('Mercado Pago', () => {
  const { headers, body, secrets, url } = loadFixture('mercado-pago/payment');
  const accepted = { secrets: [secret(secrets.current)] };
  const says = (change: Record<string, string | readonly string[] | undefined>, of: Buffer | string = body, at = url) =>
    refusal(mercadoPago, delivery({ ...headers, ...change }, of, { url: at }), accepted);

  it('covers the id in the URL, the request and the time, and nothing of the body', () => {
    expect(says({})).toBe('accepted');
    expect(says({ 'x-request-id': 'another' })).toBe('signature_mismatch');
    expect(says({ 'x-request-id': undefined })).toBe('signature_mismatch');
    expect(says({ 'x-signature': headers['x-signature']?.replace('ts=1', 'ts=2') })).toBe('signature_mismatch');
    expect(says({}, body, url.replace('999999999', '999999998'))).toBe('signature_mismatch');
    expect(says({}, body, url.replace('data.id=999999999&', ''))).toBe('signature_mismatch');
    expect(says({}, body.toString().replace('12345', '54321'))).toBe('accepted');
    expect(mercadoPago.scheme.coverage).toBe('caller');
  });

  it('takes no body about another id than the one that is signed', () => {
    expect(says({}, body.toString().replace('"999999999"', '"999999998"'))).toBe('signature_mismatch');
    expect(says({}, body.toString().replace('"999999999"', '999999999'))).toBe('accepted');
  });

  describe('about an order, whose id is of letters', () => {
    const [id, request, ts] = ['ORD01JQ4S4KY8HWQ6NA5PXB65B3D3', 'request-1', '1772357402123'];
    const order = { action: 'order.processed', type: 'order', data: { id, version: 3 } };
    const at = (ofId: string) => `${url.split('?')[0] ?? ''}?data.id=${ofId}&type=order`;
    const of = (signedId: string, change: object = {}, urlId = id) => {
      const mac = createHmac('sha256', secrets.current).update(`id:${signedId};request-id:${request};ts:${ts};`);
      const proof = { 'x-signature': `ts=${ts},v1=${mac.digest('hex')}`, 'x-request-id': request };
      return delivery(proof, JSON.stringify({ ...order, ...change }), { url: at(urlId) });
    };

    it('is signed by the page in lower case, and by the SDK as it came', async () => {
      for (const signedId of [id, id.toLowerCase()]) {
        const { answer, events } = await answerTo(mercadoPago, of(signedId), secrets.current);
        expect(answer.status).toBe(200);
        expect(events).toMatchObject([{ key: `order.processed:${id} 3`, type: 'order.processed' }]);
        expect(events[0]).not.toHaveProperty('quarantine');
      }
      expect(refusal(mercadoPago, of(id.replace('0', '1')), accepted)).toBe('signature_mismatch');
      expect(refusal(mercadoPago, signed(mercadoPago, JSON.stringify(order), { url: at(id) }))).toBe('accepted');
    });

    it('has one proof, however its letters are written', () => {
      const proofOf = (urlId: string) =>
        identify(verified(of(id.toLowerCase(), {}, urlId)), sourceOf(mercadoPago)).proof;
      expect(proofOf(id)).toMatch(/^[\da-f]{64}$/);
      expect(proofOf(id.toLowerCase())).toBe(proofOf(id));
    });

    it('is known by its version, or else by its time, and waits without either', () => {
      const keyOf = (data: object, more: object = {}) => {
        const { key, quarantine } = identify(verified(of(id, { data, ...more })), sourceOf(mercadoPago));
        return quarantine ?? key;
      };
      expect(keyOf({ id, version: 4 })).toBe(`order.processed:${id} 4`);
      expect(keyOf({ id }, { date_created: '2026-03-01T09:29:25.1Z' })).toBe(
        `order.processed:${id} 2026-03-01T09:29:25.1Z`,
      );
      expect(keyOf({ id })).toBe('no_event_id');
    });
  });

  it('takes one id and one request, neither of which can be two', () => {
    expect(says({}, body, `${url}&data.id=1`)).toBe('malformed_signature');
    expect(says({ 'x-request-id': ['a', 'b'] })).toBe('malformed_signature');
    expect(says({ 'x-request-id': 'a;ts:1' })).toBe('malformed_signature');
    expect(says({ 'x-signature': headers['x-signature']?.replace(/ts=\d+/, 'ts=1e3') })).toBe('malformed_signature');
  });
});
