import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asana } from '../../../lambdas/providers/asana.ts';
import { docusign } from '../../../lambdas/providers/docusign.ts';
import { providerNamed } from '../../../lambdas/providers/index.ts';
import { mollie } from '../../../lambdas/providers/mollie.ts';
import { sns } from '../../../lambdas/providers/sns.ts';
import { vonage } from '../../../lambdas/providers/vonage.ts';
import { xero } from '../../../lambdas/providers/xero.ts';
import { answerTo, answerToSigned } from './answer.ts';
import { delivery, refusal, secretsOf, signed } from './deliveries.ts';

describe('Xero', () => {
  const intent = '{"events":[],"lastEventSequence":0,"firstEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}';

  it('gets no body, whatever the answer is', async () => {
    expect((await answerToSigned(xero, intent)).answer).toEqual({ status: 200 });
    const { answer, events } = await answerTo(xero, signed(xero, intent), 'another key');
    expect([answer, events]).toEqual([{ status: 401 }, []]);
    expect((await answerTo(xero, delivery({}, intent))).answer).toEqual({ status: 401 });
    for (const other of [
      await answerTo(xero, signed(xero, intent), ''),
      await answerTo(xero, delivery({}, '', { method: 'PUT' })),
    ])
      expect(other.answer).not.toHaveProperty('body');
  });
});

describe('Vonage', () => {
  it('is asked again for a callback that came without a token, because it comes signed then', async () => {
    const body = '{"message_uuid":"1","status":"delivered"}';
    expect((await answerTo(vonage, delivery({}, body))).answer).toMatchObject({
      ...{ status: 503, body: { error: 'missing_signature' } },
    });
    expect((await answerTo(vonage, signed(vonage, body), 'another secret')).answer.status).toBe(401);
  });
});

describe('Asana', () => {
  it('has an event by its own text, however deep it nests', async () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    const event = `{"action":"changed","resource":{"resource_type":"task","x":${deep}}}`;
    const { answer, events } = await answerToSigned(asana, `{"events":[${event},${event.replace('task', 'tag')}]}`);
    expect([answer.status, events.map(({ type }) => type)]).toEqual([200, ['task.changed', 'tag.changed']]);
  });
});

describe('Mollie', () => {
  const body = '{"resource":"event","id":"event_1","type":"payment-link.paid"}';
  const macOf = (secret: string): string => createHmac('sha256', secret).update(body).digest('hex');
  const [own, other] = [macOf(secretsOf(mollie).signing), macOf('another secret')];
  const says = (...values: string[]) => refusal(mollie, delivery({ 'x-mollie-signature': values }, body));

  it('may leave the prefix away, and sign with several secrets, in one header or several', () => {
    for (const values of [[own], [`sha256=${own}`], [`sha256=${other}`, `sha256=${own}`], [other, own]])
      expect(says(...values)).toBe('accepted');
    expect(says(`${other},sha256=${own}`)).toBe('accepted');
    expect(says(other)).toBe('signature_mismatch');
    expect(says(`sha1=${own}`)).toBe('malformed_signature');
  });
});

describe('DocuSign', () => {
  it('may have our key in any of a hundred headers', () => {
    const body = '{"event":"envelope-completed"}';
    const value = createHmac('sha256', secretsOf(docusign).signing).update(body).digest('base64');
    const other = createHmac('sha256', 'another').update(body).digest('base64');
    const others = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`x-docusign-signature-${at + 1}`, other]));
    expect(refusal(docusign, delivery(others, body))).toBe('signature_mismatch');
    for (const at of [1, 11, 100])
      expect(refusal(docusign, delivery({ ...others, [`x-docusign-signature-${at}`]: value }, body))).toBe('accepted');
    expect(refusal(docusign, delivery({ 'x-docusign-signature-101': value }, body))).toBe('missing_signature');
  });
});

describe('SNS', () => {
  it('is refused if its lines are in other fields, under the same signature', () => {
    const made = signed(
      sns,
      JSON.stringify({
        ...{ Type: 'Notification', MessageId: '1', TopicArn: secretsOf(sns).stored },
        ...{ Timestamp: '2026-03-01T09:30:00.000Z', Message: 'a\nMessageId\nb' },
      }),
    );
    expect(refusal(sns, made)).toBe('accepted');
    const cut = { ...(JSON.parse(made.body.toString()) as object), Message: 'a', MessageId: 'b\nMessageId\n1' };
    expect(refusal(sns, delivery({}, JSON.stringify(cut)))).toBe('malformed_signature');
  });
});

// The delivery of vendors as they publish it; a provider's file is changed only if its vendor's page is.
it.each([
  { name: 'xero', retryHorizonSeconds: 86_400, acknowledgeWithinMs: 5_000, cutsOffAfterFailures: true },
  { name: 'vonage', retryHorizonSeconds: 86_400 },
  { name: 'sentry', retryHorizonSeconds: 0, acknowledgeWithinMs: 1_000, cutsOffAfterFailures: true },
  { name: 'razorpay', retryHorizonSeconds: 86_400, cutsOffAfterFailures: true },
  { name: 'calendly', retryHorizonSeconds: 86_400, acknowledgeWithinMs: 15_000, cutsOffAfterFailures: true },
  { name: 'lemon-squeezy', retryHorizonSeconds: 155, documents: { confidence: 'confirmed' } },
  { name: 'asana', retryHorizonSeconds: 86_400, acknowledgeWithinMs: 10_000 },
  { name: 'adyen', retryHorizonSeconds: 2_592_000, acknowledgeWithinMs: 10_000 },
  { name: 'plaid', retryHorizonSeconds: 86_400, acknowledgeWithinMs: 10_000 },
  { name: 'zoom', retryHorizonSeconds: 5_100, acknowledgeWithinMs: 3_000 },
  { name: 'linear', retryHorizonSeconds: 25_260, acknowledgeWithinMs: 5_000, cutsOffAfterFailures: true },
  { name: 'intercom', cutsOffAfterFailures: true },
  { name: 'elevenlabs', retryHorizonSeconds: 0, cutsOffAfterFailures: true },
  { name: 'airtable', acknowledgeWithinMs: 25_000, cutsOffAfterFailures: true },
  { name: 'discord', retryHorizonSeconds: 600, acknowledgeWithinMs: 3_000, cutsOffAfterFailures: true },
  { name: 'clerk', retryHorizonSeconds: 99_305, cutsOffAfterFailures: true },
  { name: 'dlocal', retryHorizonSeconds: 604_800 },
  { name: 'woocommerce', retryHorizonSeconds: 0, cutsOffAfterFailures: true },
  { name: 'dropbox-sign', retryHorizonSeconds: 259_200 },
  { name: 'pusher', retryHorizonSeconds: 300, acknowledgeWithinMs: 4_000 },
])('$name delivers as its page says', ({ name, ...facts }) => {
  expect(providerNamed(name)).toMatchObject(facts);
});
