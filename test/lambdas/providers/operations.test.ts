import { describe, expect, it } from '@jest/globals';
import { createHmac, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'svix';
import type { Options } from '../../../lambdas/core/envelope.ts';
import { encodeKey } from '../../../lambdas/core/event-key.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { cloudevents } from '../../../lambdas/providers/cloudevents.ts';
import { generic } from '../../../lambdas/providers/generic.ts';
import { sns } from '../../../lambdas/providers/sns.ts';
import { circleci } from '../../../lambdas/providers/circleci.ts';
import { pagerduty } from '../../../lambdas/providers/pagerduty.ts';
import { sendgrid } from '../../../lambdas/providers/sendgrid.ts';
import { svix } from '../../../lambdas/providers/svix/index.ts';
import { answerTo, answerToSigned, eventsIn } from './answer.ts';
import {
  defaultOptions,
  delivery,
  NOW,
  refusal,
  sampled,
  secret,
  secretsOf,
  signed,
  sourceOf,
  URL_OF_SOURCE,
  verified,
  withHeader,
} from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

describe('Svix', () => {
  const body = '{"type":"user.created","data":{"name":"Zoë ☕"}}';
  const { stored } = secretsOf(svix);
  const valid = signed(svix, body, { headers: { 'svix-id': 'msg_1' } });

  it('agrees with the SDK, in both directions', () => {
    const fresh = signed(svix, body, { now: new Date(), headers: { 'svix-id': 'msg_1' } });
    const sent = Object.fromEntries([...fresh.headers].map(([name, [value = '']]) => [name, value]));
    expect(() => {
      new Webhook(stored).verify(body, sent);
    }).not.toThrow();
    expect(() => {
      new Webhook(stored).verify(`${body} `, sent);
    }).toThrow();
    const theirs = new Webhook(stored).sign('msg_1', NOW, body);
    expect(valid.headers.get('svix-signature')).toEqual([theirs]);
  });

  it('is not fooled by a valid signature under the other names beside an id of its own', () => {
    const renamed = new Map([...valid.headers].map(([name, values]) => [name.replace('svix-', 'webhook-'), values]));
    expect(refusal(svix, { ...valid, headers: renamed })).toBe('missing_signature');
    const both = new Map([...renamed, ['svix-id', ['made up']] as const]);
    expect(refusal(svix, { ...valid, headers: both })).toBe('missing_signature');
  });

  it("does not take its page's secret for one", () => {
    expect(secretFlaw('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('placeholder');
  });
});

describe('SendGrid', () => {
  const element = (id: string) => `{"sg_event_id":"${id}","event":"open","timestamp":1772357401}`;

  it('has each element of the array as an event, of its exact bytes', () => {
    const body = `[${element('a')},\r\n{ "sg_event_id" : "b", "event":"click", "n":1.0 }]\r\n`;
    expect(eventsIn(sendgrid, body)).toMatchObject([
      { key: 'a', type: 'open', time: '2026-03-01T09:30:01.000Z', pointer: '/0', body: Buffer.from(element('a')) },
      {
        key: 'b',
        type: 'click',
        pointer: '/1',
        body: Buffer.from('{ "sg_event_id" : "b", "event":"click", "n":1.0 }'),
      },
    ]);
  });

  it('has a batch that a retry cuts otherwise as the same events', () => {
    const keys = (body: string) => eventsIn(sendgrid, body).map(({ key, bodyHash }) => [key, bodyHash]);
    const [a, b, c] = [element('a'), element('b'), element('c')];
    expect([...keys(`[${a}]`), ...keys(`[${b},${c}]`)]).toEqual(keys(`[${a},\r\n${b},\r\n${c}]\r\n`));
  });

  it('has an empty array as authentic, and no event', async () => {
    const { answer, events } = await answerToSigned(sendgrid, '[]');
    expect(answer).toEqual({ status: 200, body: { status: 'empty' } });
    expect(events).toEqual([]);
  });

  it('does not verify a body without its line breaks', () => {
    const { body, headers } = sampled(sendgrid);
    const valid = signed(sendgrid, body, { headers });
    expect(body.toString()).toMatch(/\r\n$/);
    expect(refusal(sendgrid, { ...valid, body: Buffer.from(body.toString().trim()) })).toBe('signature_mismatch');
  });

  it('takes a signature of any age, for none is limited', () => {
    const old = signed(sendgrid, '[]', { now: new Date('2002-02-02') });
    expect(refusal(sendgrid, old)).toBe('accepted');
    expect(refusal(sendgrid, withHeader(old, 'x-twilio-email-event-webhook-timestamp', ['1111111111']))).toBe(
      'signature_mismatch',
    );
  });
});

describe('PagerDuty', () => {
  it('takes a signature among those of other versions, and none of those', () => {
    const valid = signed(pagerduty, '{}');
    const [value = ''] = valid.headers.get('x-pagerduty-signature') ?? [];
    const says = (text: string) => refusal(pagerduty, withHeader(valid, 'x-pagerduty-signature', [text]));
    expect(says(`v2=abc,${value},v1=${'0'.repeat(64)}`)).toBe('accepted');
    expect(says(value.replace('v1=', 'v2='))).toBe('missing_signature');
  });

  it('has its event inside of the body', () => {
    const body = '{"event":{"id":"e1","event_type":"pagey.ping","occurred_at":"2026-03-01T09:29:58.000Z"}}';
    expect(identify(verified(signed(pagerduty, body)), sourceOf(pagerduty))).toMatchObject({
      ...{ key: 'e1', type: 'pagey.ping', time: '2026-03-01T09:29:58.000Z' },
    });
  });
});

describe('CircleCI', () => {
  it('takes no version but the newest that there is', () => {
    const valid = signed(circleci, '{}');
    const [value = ''] = valid.headers.get('circleci-signature') ?? [];
    const says = (text: string) => refusal(circleci, withHeader(valid, 'circleci-signature', [text]));
    expect(says(`v0=${'0'.repeat(64)},${value}`)).toBe('accepted');
    for (const other of ['v0', 'v2', 'V1']) expect(says(value.replace('v1', other))).toBe('missing_signature');
  });
});

describe('Amazon SNS', () => {
  const { body, publicKey = '' } = loadFixture('sns/notification');
  const message = JSON.parse(body.toString()) as Record<string, string>;
  const says = (fields: Record<string, unknown>, topic = message.TopicArn ?? '') =>
    refusal(sns, delivery({}, JSON.stringify({ ...message, ...fields })), {
      ...{ secrets: [secret(topic)], key: createPublicKey(publicKey) },
    });

  it("refuses the messages of anybody else's topic, though SNS has signed them", () => {
    expect(says({})).toBe('accepted');
    expect(says({}, 'arn:aws:sns:eu-central-1:123456789012:another')).toBe('signature_mismatch');
    expect(says({ TopicArn: 'arn:aws:sns:eu-central-1:123456789012:another' })).toBe('signature_mismatch');
  });

  it.each([
    'http://sns.eu-central-1.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com.example.com/a.pem',
    'https://example.com/sns.eu-central-1.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com@example.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com:8443/a.pem',
    'https://sns.eu-central-1.amazonaws.com/../a.pem?x=.pem',
    'https://xsns.eu-central-1.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com/a.pem\n',
    // Virtual hosts of whoever owns the bucket, the bucket's alias or the API of that name.
    'https://sns.s3.amazonaws.com/a.pem',
    'https://sns.s3-us-west-2.amazonaws.com/a.pem',
    'https://sns.s3-eu-central-1.amazonaws.com/a.pem',
    'https://sns.s3-accelerate.amazonaws.com/a.pem',
    'https://sns.execute-api.amazonaws.com/a.pem',
    // Not the topic's region, or not its partition.
    'https://sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com.cn/a.pem',
    undefined,
    1,
  ])('fetches no certificate from %j', (SigningCertURL) => {
    expect(says({ SigningCertURL })).toBe('malformed_signature');
  });

  it('takes the host of the certificate from no topic that is not one', () => {
    const SigningCertURL = 'https://sns.s3-us-west-2.amazonaws.com/a.pem';
    for (const TopicArn of ['arn:aws:sns:s3-us-west-2:123456789012:fixture', undefined, 1])
      expect(says({ SigningCertURL, TopicArn })).toBe('malformed_signature');
    const china = 'arn:aws-cn:sns:cn-north-1:123456789012:fixture';
    const host = 'https://sns.cn-north-1.amazonaws.com';
    const isAsked = (url: string) => says({ SigningCertURL: url, TopicArn: china }, china);
    expect(isAsked(`${host}.cn/a.pem`)).toBe('signature_mismatch');
    expect(isAsked(`${host}/a.pem`)).toBe('malformed_signature');
  });

  it('refuses versions that are not known, and fields that were changed', () => {
    for (const SignatureVersion of ['0', '3', 2, undefined])
      expect(says({ SignatureVersion })).toBe('malformed_signature');
    for (const name of ['Message', 'MessageId', 'Subject', 'Timestamp', 'Type'])
      expect(says({ [name]: 'another' })).toBe('signature_mismatch');
    expect(says({ Subject: undefined })).toBe('signature_mismatch');
    expect(says({ UnsubscribeURL: 'another' })).toBe('accepted');
  });

  it('has a topic as its secret', () => {
    expect(sns.scheme.accepts('arn:aws-us-gov:sns:us-gov-west-1:123456789012:orders.fifo')).toBe(true);
    for (const text of ['', 'orders', 'arn:aws:sqs:us-east-1:123456789012:orders'])
      expect(sns.scheme.accepts(text)).toBe(false);
  });

  it('reads a certificate, and knows nothing from an answer that is none', () => {
    const signature = sns.scheme.read(delivery({}, body), { now: NOW, options: {} });
    if (!signature.ok || !('keyFor' in signature.value)) throw new Error('no key is asked for');
    const request = signature.value.keyFor('');
    const { id } = request;
    const answer = (status: number, text: string) => ({ status, headers: new Map<string, string>(), body: text });
    expect(id).toBe(message.SigningCertURL);
    expect(request.read(answer(200, publicKey))?.has(id)).toBe(true);
    expect(request.read(answer(404, ''))?.size).toBe(0);
    expect(request.read(answer(200, 'no certificate'))).toBeUndefined();
    expect(request.read(answer(500, publicKey))).toBeUndefined();
  });

  it('has the question for a subscription as an event, with what answers it', () => {
    const confirmation = loadFixture('sns/confirmation').body.toString();
    expect(eventsIn(sns, confirmation)).toMatchObject([{ type: 'SubscriptionConfirmation' }]);
  });
});

describe('CloudEvents', () => {
  const attributes = { specversion: '1.0', type: 'a.b', source: '/s', id: '1', time: '2026-03-01T09:29:58Z' };
  const structured = { 'content-type': 'application/cloudevents+json' };

  it('come in structured, batched and binary mode', () => {
    const expected = { key: '/s:1', type: 'a.b', time: '2026-03-01T09:29:58.000Z', coverage: 'caller' };
    expect(eventsIn(cloudevents, JSON.stringify(attributes), structured)).toMatchObject([expected]);
    const batch = { 'content-type': 'application/cloudevents-batch+json' };
    expect(eventsIn(cloudevents, JSON.stringify([attributes, { ...attributes, id: '2' }]), batch)).toMatchObject([
      expected,
      { key: '/s:2' },
    ]);
    const binary = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
    expect(eventsIn(cloudevents, 'any bytes', { 'content-type': 'text/plain', ...binary })).toMatchObject([expected]);
  });

  it('are two events if their sources and ids differ, however these are cut', () => {
    const keyOf = (source: string, id: string) => {
      const [event] = eventsIn(cloudevents, JSON.stringify({ ...attributes, source, id }), structured);
      return event && encodeKey(event);
    };
    expect(keyOf('https://example.com/s', 'a/b')).toBe('#derived#https://example.com/s:a/b');
    expect(keyOf('urn:acme', 'orders:7')).toBe('#derived#["urn:acme","orders:7"]');
    const long = 'x'.repeat(600);
    const hash = keyOf('s', long)?.split(':').at(-1) ?? '';
    const text = fc.string({
      unit: fc.constantFrom('a', ':', '"', ',', '[', ']', '["', '","', '#', long),
      minLength: 1,
    });
    const pair = fc.oneof(fc.tuple(text, text), fc.constant(['s:#key-hash#sha256-of-key', hash] as const));
    fc.assert(
      fc.property(text, text, pair, (source, id, other) => {
        // Another pair; and the same text cut at each of its colons.
        const both = `${source}:${id}`;
        const cuts = [...both.matchAll(/:/g)].map(
          ({ index }) => [both.slice(0, index), both.slice(index + 1)] as const,
        );
        for (const [from, named] of [other, ...cuts])
          if (from !== '' && named !== '' && (from !== source || named !== id))
            expect(keyOf(from, named)).not.toBe(keyOf(source, id));
      }),
    );
  });

  it('have their token in the header or in the query, and in no other place', () => {
    const { stored } = secretsOf(cloudevents);
    const at = (url: string, headers = {}) => refusal(cloudevents, delivery(headers, '{}', { url }));
    expect(at(`${URL_OF_SOURCE}?access_token=${encodeURIComponent(stored)}`)).toBe('accepted');
    expect(at(`${URL_OF_SOURCE}?access_token=another`)).toBe('signature_mismatch');
    expect(at(`${URL_OF_SOURCE}?access_token=a&access_token=${encodeURIComponent(stored)}`)).toBe(
      'malformed_signature',
    );
    expect(at(URL_OF_SOURCE)).toBe('missing_signature');
    const { evidence } = identify(verified(signed(cloudevents, '{}')), sourceOf(cloudevents));
    expect(evidence.headers).toEqual({});
  });

  it('ask by OPTIONS, and are granted the origin alone', async () => {
    const ask = (headers: Record<string, string>) =>
      answerTo(cloudevents, delivery(headers, '', { method: 'OPTIONS' })).then(({ answer }) => answer);
    expect(await ask({ 'webhook-request-origin': 'events.example.com', 'webhook-request-rate': '120' })).toMatchObject({
      status: 200,
      headers: { 'webhook-allowed-origin': 'events.example.com', 'webhook-allowed-rate': '120' },
    });
    expect((await ask({ 'webhook-request-origin': '<script>' })).status).toBe(400);
  });
});

describe('Generic', () => {
  const scheme = (options: Options) => schemeOf(generic, { ...defaultOptions(generic), ...options });
  const body = Buffer.from('{"id":"1","type":"t"}');
  const judge = (options: Options, forged = false) => {
    const own = scheme(options);
    const { stored, signing } = own.secretFrom('generic-seed');
    const key = forged ? own.secretFrom('another-seed').signing : signing;
    const made = own.sign({ url: URL_OF_SOURCE, body, secrets: [key], now: NOW });
    const read = own.read(delivery(made.headers, body), { now: NOW, options });
    return { own, headers: made.headers, isTaken: read.ok && !('keyFor' in read.value) && read.value.matches(stored) };
  };

  it.each<[Options, string]>([
    [{}, 'body'],
    [{ hash: 'sha1', encoding: 'base64', prefix: 'sha1=', header: 'x-acme' }, 'body'],
    [{ hash: 'sha512', encoding: 'base64url', key: 'hex' }, 'body'],
    [{ key: 'base64', timestampHeader: 'x-time', timestampUnit: 'iso', separator: 'none' }, 'body'],
    [{ timestampHeader: 'x-time', separator: ':', toleranceSeconds: 60 }, 'body'],
    [{ scheme: 'basic' }, 'caller'],
    [{ scheme: 'bearer' }, 'caller'],
    [{ scheme: 'header', header: 'x-token' }, 'caller'],
    [{ header: 'X-Acme-Signature', timestampHeader: 'X-Acme-Time' }, 'body'],
    [{ scheme: 'header', header: 'X-Acme-Token' }, 'caller'],
  ])('signs and verifies with %j', (options, coverage) => {
    const { own, isTaken } = judge(options);
    expect(isTaken).toBe(true);
    expect(own.coverage).toBe(coverage);
    expect(judge(options, true).isTaken).toBe(false);
  });

  it('signs as the options say', () => {
    const { stored } = scheme({}).secretFrom('generic-seed');
    const hex = createHmac('sha256', stored).update('1772357400.').update(body).digest('hex');
    const { headers, own } = judge({ timestampHeader: 'x-time', prefix: 'v1=', header: 'x-sig' });
    expect(headers).toEqual({ 'x-sig': `v1=${hex}`, 'x-time': '1772357400' });
    expect(own.replayWindowSeconds).toBe(300);
  });

  it.each<[Options, Record<string, unknown>]>([
    [{}, { key: '1', type: 't' }],
    [
      { idField: 'data.id', typeField: 'data.kind' },
      { key: '7', keyKind: 'number', type: 'k' },
    ],
    [
      { idHeader: 'x-id', typeHeader: 'x-type' },
      { key: 'h', type: 'ht', unsignedId: true },
    ],
    [
      { idHeader: 'X-Id', typeHeader: 'X-Type' },
      { key: 'h', type: 'ht', unsignedId: true },
    ],
    [{ identity: 'body hash' }, { keyKind: 'body-hash', type: 't' }],
    [{ idField: 'none' }, { quarantine: 'no_event_id' }],
  ])('knows an event by %j', (options, expected) => {
    const of = delivery({ 'x-id': 'h', 'x-type': 'ht' }, '{"id":"1","type":"t","data":{"id":7,"kind":"k"}}');
    expect(identify(verified(of), sourceOf(generic, options))).toMatchObject(expected);
    const form = delivery({}, 'id=1&type=t');
    expect(identify(verified(form), sourceOf(generic))).toMatchObject({ key: '1', type: 't' });
  });
});
