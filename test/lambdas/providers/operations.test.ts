import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'svix';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { circleci } from '../../../lambdas/providers/circleci.ts';
import { pagerduty } from '../../../lambdas/providers/pagerduty.ts';
import { sendgrid } from '../../../lambdas/providers/sendgrid.ts';
import { svix } from '../../../lambdas/providers/svix.ts';
import { answerToSigned, eventsIn } from './answer.ts';
import { NOW, refusal, sampled, secretsOf, signed, sourceOf, verified, withHeader } from './deliveries.ts';

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
    const old = signed(sendgrid, '[]', { now: new Date(0) });
    expect(refusal(sendgrid, old)).toBe('accepted');
    expect(refusal(sendgrid, withHeader(old, 'x-twilio-email-event-webhook-timestamp', ['1']))).toBe(
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
