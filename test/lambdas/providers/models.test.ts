import { verify as octokitVerify, sign as octokitSign } from '@octokit/webhooks-methods';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { sha256 } from '../../../lambdas/core/hash.ts';
import { receive } from '../../../lambdas/core/receive/receive.ts';
import { identify } from '../../../lambdas/core/receive/identify.ts';
import { secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { discord } from '../../../lambdas/providers/discord.ts';
import { github } from '../../../lambdas/providers/github/index.ts';
import { slack } from '../../../lambdas/providers/slack.ts';
import { standardWebhooks } from '../../../lambdas/providers/standard-webhooks.ts';
import { stripe } from '../../../lambdas/providers/stripe/index.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../core/in-memory.ts';
import { answerTo, answerToSigned } from './answer.ts';
import {
  delivery,
  later,
  NOW,
  refusal,
  secret,
  SECRET,
  secretsOf,
  signed,
  sourceOf,
  verified,
  withHeader,
} from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

const seconds = String(NOW.getTime() / 1000);

describe('GitHub', () => {
  const body = '{"action":"opened","naïve":"☕"}';

  it('agrees with octokit, in both directions', async () => {
    const ours = signed(github, body).headers.get('x-hub-signature-256')?.[0] ?? '';
    expect(await octokitVerify(SECRET, body, ours)).toBe(true);
    expect(ours).toBe(await octokitSign(SECRET, body));
  });

  it('does not look at the older signature', () => {
    const valid = signed(github, body);
    const [value = ''] = valid.headers.get('x-hub-signature-256') ?? [];
    const old = withHeader(withHeader(valid, 'x-hub-signature', [value]), 'x-hub-signature-256', undefined);
    expect(refusal(github, old)).toBe('missing_signature');
    for (const prefix of ['', 'sha1=', 'SHA256='])
      expect(refusal(github, withHeader(valid, 'x-hub-signature-256', [value.replace('sha256=', prefix)]))).toBe(
        'malformed_signature',
      );
  });

  it('is one event under any delivery id, for the id is not signed', async () => {
    const event = (id: string) =>
      identify(
        verified(signed(github, body, { headers: { 'x-github-delivery': id, 'x-github-event': 'issues' } })),
        sourceOf(github),
      );
    expect(event('one')).toMatchObject({ key: 'one', type: 'issues', unsignedId: true });
    expect(event('two').bodyHash).toBe(event('one').bodyHash);
    const { answer } = await answerToSigned(github, 'payload=%7B%7D', {
      'x-github-delivery': '1',
      'x-github-event': 'ping',
    });
    expect(answer).toEqual({ status: 200, body: { status: 'accepted' } });
  });

  it("does not take its page's secret for one", () => {
    expect(secretFlaw("It's a Secret to Everybody")).toBe('placeholder');
  });
});

describe('Stripe', () => {
  const body = '{"id":"evt_1","type":"t","created":1772357400,"amount":1.00}';
  const header = (of: ReturnType<typeof signed>): string => of.headers.get('stripe-signature')?.[0] ?? '';
  const { signature: theirs } = Stripe.webhooks;

  it('agrees with the SDK, in both directions', () => {
    expect(theirs?.verifyHeader(body, header(signed(stripe, body)), SECRET, 0)).toBe(true);
    const made = Stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: SECRET,
      timestamp: Number(seconds),
    });
    expect(refusal(stripe, delivery({ 'stripe-signature': made }, body))).toBe('accepted');
  });

  it('has no base64 in its secret, whatever it looks like', () => {
    const text = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const of = signed(stripe, body, { secrets: [text] });
    expect(theirs?.verifyHeader(body, header(of), text, 0)).toBe(true);
    expect(refusal(stripe, of, { secrets: [secret(text.slice('whsec_'.length))] })).toBe('signature_mismatch');
  });

  it('may be ahead of our clock by no more than it may be behind, although the SDK lets it', () => {
    const of = signed(stripe, body, { now: later(301) });
    expect(refusal(stripe, of)).toBe('timestamp_out_of_window');
  });

  it('has its time as a number, in thin events as a text', () => {
    const timeOf = (created: unknown) =>
      identify(verified(signed(stripe, JSON.stringify({ id: 'evt_1', type: 't', created }))), sourceOf(stripe)).time;
    expect(timeOf(1772357400)).toBe('2026-03-01T09:30:00.000Z');
    expect(timeOf('2026-03-01T09:30:00.000Z')).toBe('2026-03-01T09:30:00.000Z');
    for (const junk of [null, 1.5, -1, 1e300, '1772357400', {}]) expect(timeOf(junk)).toBeUndefined();
  });
});

describe('Slack', () => {
  it('has its challenge sent back as text, signed, and is no event', async () => {
    const { answer, events } = await answerToSigned(
      slack,
      '{"type":"url_verification","token":"t","challenge":"3eZbrw1aB"}',
    );
    expect(answer).toEqual({ status: 200, body: '3eZbrw1aB' });
    expect(events).toEqual([]);
  });

  it.each(['<script>', 'a b', '', 'x'.repeat(501), 'é'])('does not send back %j', async (challenge) => {
    const { answer } = await answerToSigned(slack, JSON.stringify({ type: 'url_verification', challenge }));
    expect(answer.status).toBe(400);
  });

  it('answers nobody who has not signed', () => {
    const unsigned = delivery({}, '{"type":"url_verification","challenge":"3eZbrw1aB"}');
    expect(slack.handshakes.echo(unsigned)).toBeUndefined();
    expect(refusal(slack, unsigned)).toBe('missing_signature');
  });

  it('answers the check of its certificate, signed or not, and it is no event', async () => {
    const check = 'ssl_check=1&token=t';
    for (const asked of [delivery({}, check), signed(slack, check)])
      expect(await answerTo(slack, asked)).toEqual({ answer: { status: 200 }, events: [] });
    for (const body of ['ssl_check=0&token=t', `${check}&command=%2Fweather`, `${check}&payload=%7B%7D`])
      expect((await answerTo(slack, delivery({}, body))).answer.status).toBe(401);
  });

  it('has what is of the app as an event, which has no id', async () => {
    const of = (minute: number) => `{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":${minute}}`;
    const { events } = await answerToSigned(slack, of(1518467820));
    expect(events).toMatchObject([{ type: 'app_rate_limited', key: `sha256:${sha256(Buffer.from(of(1518467820)))}` }]);
    expect(events[0]).not.toHaveProperty('quarantine');
    for (const body of ['{"type":"event_callback","event":{"type":"message"}}', '{}'])
      expect((await answerToSigned(slack, body)).events).toMatchObject([{ quarantine: 'no_event_id' }]);
  });

  it('has slash commands and interactions as forms, which have no id', () => {
    const event = (body: string) => identify(verified(signed(slack, body)), sourceOf(slack));
    const { body } = loadFixture('slack/document');
    expect(event(body.toString())).toMatchObject({ type: 'slash_command', key: `sha256:${sha256(body)}` });
    expect(event('payload=%7B%22type%22%3A%22block_actions%22%7D')).toMatchObject({ type: 'block_actions' });
    expect(event('payload=nonsense')).toMatchObject({ type: 'unknown' });
  });

  it("does not take its page's secret for one", () => {
    expect(secretFlaw('8f742231b10e8888abcd99yyyzzz85a5')).toBe('placeholder');
  });
});

describe('Discord', () => {
  it.each([
    ['{"version":1,"type":0}', { status: 204, headers: { 'content-type': 'application/json' } }],
    ['{"type":1}', { status: 200, body: { type: 1 } }],
  ])('has %s answered as it wants, and it is no event', async (body, expected) => {
    const { answer, events } = await answerToSigned(discord, body);
    expect(answer).toEqual(expected);
    expect(events).toEqual([]);
  });

  it('has an event, which is of type 1 too, answered with nothing', async () => {
    const { answer, events } = await answerToSigned(discord, '{"type":1,"event":{"type":"ENTITLEMENT_CREATE"}}');
    expect(answer).toEqual({ status: 204, headers: { 'content-type': 'application/json' } });
    expect(events).toMatchObject([{ type: 'ENTITLEMENT_CREATE', keyKind: 'body-hash', coverage: 'body' }]);
  });

  it('has a wrong signature refused with 401, a PING too', async () => {
    expect(
      refusal(discord, signed(discord, '{"type":0}'), { secrets: [secret(secretsOf(discord, 'another').stored)] }),
    ).toBe('signature_mismatch');
    expect(discord.rejectionStatus).toBe(401);
    const clock = (): number => NOW.getTime();
    const queue = new MemoryQueue();
    const ports = {
      ...{ clock, queue, quarantine: queue, ledger: new MemoryLedger(clock), observer: recordingObserver() },
      secrets: fixedSecrets(secretsOf(discord, 'another').stored),
    };
    expect(await receive(signed(discord, '{"type":0}'), sourceOf(discord), ports)).toMatchObject({ status: 401 });
  });
});

describe('Standard Webhooks', () => {
  const body = '{"type":"invoice.paid","data":{}}';
  const { stored } = secretsOf(standardWebhooks);
  const valid = signed(standardWebhooks, body, { headers: { 'webhook-id': 'msg_1' } });
  const headers = () => Object.fromEntries([...valid.headers].map(([name, [value = '']]) => [name, value]));

  it('agrees with the library, in both directions', () => {
    const fresh = signed(standardWebhooks, body, { now: new Date(), headers: { 'webhook-id': 'msg_1' } });
    const sent = Object.fromEntries([...fresh.headers].map(([name, [value = '']]) => [name, value]));
    expect(new Webhook(stored).verify(body, sent)).toEqual(JSON.parse(body));
    const theirs = new Webhook(stored).sign('msg_1', NOW, body);
    expect(headers()['webhook-signature']).toBe(theirs);
  });

  it('signs the id: another one is another delivery', () => {
    expect(refusal(standardWebhooks, valid)).toBe('accepted');
    expect(refusal(standardWebhooks, withHeader(valid, 'webhook-id', ['msg_2']))).toBe('signature_mismatch');
    expect(refusal(standardWebhooks, withHeader(valid, 'webhook-id', undefined))).toBe('missing_signature');
  });

  it('differs from the library in what that does to a body and a timestamp', () => {
    // The library writes the timestamp again as a number, and so signs another text.
    const padded = `0${seconds}`;
    expect(refusal(standardWebhooks, withHeader(valid, 'webhook-timestamp', [padded]))).toBe('signature_mismatch');
    expect(refusal(standardWebhooks, withHeader(valid, 'webhook-timestamp', [`${seconds}abc`]))).toBe(
      'malformed_timestamp',
    );
  });

  it('takes one tag among others, and none of another kind of key', () => {
    const [value = ''] = valid.headers.get('webhook-signature') ?? [];
    const says = (text: string) => refusal(standardWebhooks, withHeader(valid, 'webhook-signature', [text]));
    expect(says(`v2,abc ${value} v1,AAAA`)).toBe('accepted');
    expect(says(value.replace('v1,', 'v1a,'))).toBe('malformed_signature');
    expect(says(value.replace('v1,', 'v2,'))).toBe('missing_signature');
    const asymmetric = loadFixture('standard-webhooks/asymmetric');
    const of = delivery(asymmetric.headers, asymmetric.body);
    expect(refusal(standardWebhooks, of, { now: asymmetric.now })).toBe('signature_mismatch');
  });

  it('has a secret of bytes, long enough to be one', () => {
    for (const text of ['whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64!', 'whpk_c2hvcnQ='])
      expect(refusal(standardWebhooks, valid, { secrets: [secret(text)] })).toBe('signature_mismatch');
    expect(secretFlaw('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('placeholder');
  });
});
