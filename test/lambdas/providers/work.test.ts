import { describe, expect, it } from '@jest/globals';
import { identify, identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { asana } from '../../../lambdas/providers/asana.ts';
import { calendly } from '../../../lambdas/providers/calendly.ts';
import { contentful } from '../../../lambdas/providers/contentful.ts';
import { intercom } from '../../../lambdas/providers/intercom.ts';
import { jira } from '../../../lambdas/providers/jira/index.ts';
import { linear } from '../../../lambdas/providers/linear.ts';
import { notion } from '../../../lambdas/providers/notion.ts';
import { sentry } from '../../../lambdas/providers/sentry.ts';
import { typeform } from '../../../lambdas/providers/typeform.ts';
import { zendesk } from '../../../lambdas/providers/zendesk.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { answerTo, answerToSigned } from './answer.ts';
import {
  delivery,
  headerOf,
  later,
  refusal,
  sampled,
  secret,
  signed,
  sourceOf,
  verified,
  withHeader,
} from './deliveries.ts';
import { loadFixture } from './fixtures.ts';

const eventOf = (provider: Provider, body: string, headers: Readonly<Record<string, string>> = {}) =>
  identify(verified(signed(provider, body, { headers })), sourceOf(provider));

describe('Linear', () => {
  it('has its time in the signed body, and an id that is not signed', () => {
    const body = '{"type":"Issue","action":"create","webhookTimestamp":1772357402000}';
    const event = (id: string) => eventOf(linear, body, { 'linear-delivery': id, 'linear-event': 'Comment' });
    expect(event('one')).toMatchObject({ key: 'one', type: 'Issue.create', unsignedId: true });
    expect(event('one').time).toBe('2026-03-01T09:30:02.000Z');
    expect(event('two').bodyHash).toBe(event('one').bodyHash);
    for (const junk of ['"1772357402000"', '1.5', '-1', '1e300', 'null'])
      expect(eventOf(linear, `{"webhookTimestamp":${junk}}`, { 'linear-delivery': '1' }).time).toBeUndefined();
  });
});

describe('Typeform', () => {
  it('writes base64 behind a prefix that goes with hex elsewhere', () => {
    const valid = signed(typeform, '{}');
    const text = headerOf(valid, 'typeform-signature');
    expect(text).toMatch(/^sha256=[\w+/]{43}=$/);
    const hex = Buffer.from(text.slice('sha256='.length), 'base64').toString('hex');
    expect(refusal(typeform, withHeader(valid, 'typeform-signature', [`sha256=${hex}`]))).toBe('malformed_signature');
  });
});

describe('Calendly', () => {
  it('has no id: what it is about and when makes the event', () => {
    const body = (time: string) => `{"event":"invitee.created","created_at":"2026-03-01T09:29:${time}.000000Z"}`;
    expect(eventOf(calendly, body('58'))).toMatchObject({ type: 'invitee.created', keyKind: 'body-hash' });
    expect(eventOf(calendly, body('58')).key).not.toBe(eventOf(calendly, body('59')).key);
    expect(eventOf(calendly, '{}').quarantine).toBe('no_event_type');
  });

  it('is not refused for its age, for a retry may have the first signature', () => {
    expect(refusal(calendly, signed(calendly, '{}'), { now: later(86_400) })).toBe('accepted');
  });
});

describe('Zendesk', () => {
  it('signs the text of the timestamp, in whatever form of ISO 8601', () => {
    const valid = signed(zendesk, '{}');
    const name = 'x-zendesk-webhook-signature-timestamp';
    const text = headerOf(valid, name);
    expect(refusal(zendesk, withHeader(valid, name, [text.replace('.000Z', 'Z')]))).toBe('signature_mismatch');
    for (const other of ['1772357402', '2026-03-01', '2026-03-01T09:30:00'])
      expect(refusal(zendesk, withHeader(valid, name, [other]))).toBe('malformed_timestamp');
  });

  it('does not take the secret of a test, which everybody knows', () => {
    expect(secretFlaw('dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==')).toBe('placeholder');
  });

  it('has the body of a trigger, which a person writes, wait for an id', () => {
    expect(eventOf(zendesk, '{"ticket":"1","type":"ticket.escalated"}').quarantine).toBe('no_event_id');
    expect(eventOf(zendesk, '{"id":"1-2026","type":"ticket.escalated"}')).toMatchObject({ key: '1-2026' });
  });
});

describe('Sentry', () => {
  const body = '{"action":"created","data":{}}';
  const headers = { 'request-id': 'one', 'sentry-hook-resource': 'issue', 'sentry-hook-timestamp': '0' };

  it('is one event under any id, for the id is not signed', () => {
    const event = eventOf(sentry, body, headers);
    expect(event).toMatchObject({ key: 'one', type: 'issue.created', unsignedId: true });
    expect(event.time).toBeUndefined();
    expect(eventOf(sentry, body, { ...headers, 'request-id': 'two' }).bodyHash).toBe(event.bodyHash);
  });
});

describe('Intercom', () => {
  it('is there when it is asked by HEAD, and says nothing else', async () => {
    const { answer, events } = await answerTo(intercom, delivery({}, '', { method: 'HEAD' }));
    expect(answer).toEqual({ status: 200 });
    expect(events).toEqual([]);
    expect((await answerTo(intercom, delivery({}, '', { method: 'GET' }))).answer.status).toBe(405);
  });

  it('takes SHA-1 alone', () => {
    const valid = signed(intercom, '{}');
    const text = headerOf(valid, 'x-hub-signature').slice('sha1='.length);
    expect(refusal(intercom, withHeader(valid, 'x-hub-signature', [`sha256=${text}`]))).toBe('malformed_signature');
    expect(refusal(intercom, withHeader(valid, 'x-hub-signature-256', [`sha1=${text}`]))).toBe('accepted');
  });
});

describe('Asana', () => {
  const SECRET = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81';

  it('has the secret of its first POST sent back, which is no event', async () => {
    const { answer, events } = await answerTo(asana, delivery({ 'x-hook-secret': SECRET }, '{}'));
    expect(answer).toEqual({ status: 200, headers: { 'x-hook-secret': SECRET } });
    expect(events).toEqual([]);
  });

  it.each(['short', 'a'.repeat(129), '<script>alert(1)</script>', `${SECRET}\r\nset-cookie: a=b`])(
    'does not send back %j',
    async (text) => {
      const { answer } = await answerTo(asana, delivery({ 'x-hook-secret': text }, '{}'));
      expect(answer).toEqual({ status: 400, body: { error: 'malformed_request' } });
    },
  );

  it('does not let a secret that a stranger sends verify anything, or take the place of a signature', () => {
    const strangers = signed(asana, '{"events":[]}', { secrets: [SECRET] });
    expect(refusal(asana, strangers)).toBe('signature_mismatch');
    const options = { answerHandshake: true };
    const both = withHeader(strangers, 'x-hook-secret', [SECRET]);
    expect(asana.handshakes.echo(both, { now: new Date(0), options })).toBeUndefined();
  });

  it('sends nothing back if the source says so', () => {
    const first = delivery({ 'x-hook-secret': SECRET }, '{}');
    expect(asana.handshakes.echo(first, { now: new Date(0), options: { answerHandshake: false } })).toBeUndefined();
  });

  it('is authentic and no event if it is a heartbeat', async () => {
    const { answer, events } = await answerToSigned(asana, loadFixture('asana/heartbeat').body.toString());
    expect(answer).toEqual({ status: 200, body: { status: 'empty' } });
    expect(events).toEqual([]);
  });

  it('makes of two events two, told apart by what they say', () => {
    const one =
      '{"action":"changed","created_at":"2026-03-01T09:29:58.000Z","resource":{"gid":"1","resource_type":"task"}}';
    const two = one.replace('58.000', '59.000');
    const all = (body: string) => identifyAll(verified(signed(asana, body)), sourceOf(asana));
    const events = all(`{"events":[${one}, ${two}]}`);
    expect(events.map(({ body }) => body.toString())).toEqual([one, two]);
    expect(events[0]).toMatchObject({ type: 'task.changed', keyKind: 'body-hash', time: '2026-03-01T09:29:58.000Z' });
    // A retry may cut the batch otherwise.
    expect(all(`{"events":[${two}]}`).map(({ key }) => key)).toEqual([events[1]?.key]);
    expect(events[0]?.key).not.toBe(events[1]?.key);
  });
});

describe('Notion', () => {
  const handshake = '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}';
  const of = (body: string, headers = {}) => delivery(headers, body);
  const waiting = { options: { awaitToken: true } };

  it('refuses the request that brings the token, unless the source waits for it', () => {
    expect(refusal(notion, of(handshake))).toBe('missing_signature');
    expect(refusal(notion, of(handshake), waiting)).toBe('accepted');
    expect(refusal(notion, of(handshake), { ...waiting, secrets: [secret('')] })).toBe('signature_mismatch');
  });

  it('has the token wait in quarantine, so that no handler gets it', () => {
    const event = identify(verified(of(handshake)), sourceOf(notion, waiting.options));
    expect(event).toMatchObject({ type: 'verification_token', quarantine: 'unexpected_notification' });
    expect(event.key).toMatch(/^sha256:/);
    // Were it signed, it would be the same.
    expect(eventOf(notion, handshake).quarantine).toBe('unexpected_notification');
  });

  it('lets nothing else through that is not signed', () => {
    for (const body of [
      '{"verification_token":"secret_x","id":"1","type":"page.created"}',
      '{"verification_token":17}',
      '{"verification_token":""}',
      '[{"verification_token":"secret_x"}]',
      '{"id":"1","type":"page.created"}',
      `{"verification_token":"${'x'.repeat(1000)}"}`,
      '',
    ])
      expect(refusal(notion, of(body), waiting)).toBe('missing_signature');
    expect(refusal(notion, of(handshake, { 'x-notion-signature': 'sha256=00' }), waiting)).toBe('malformed_signature');
    expect(refusal(notion, of(handshake, { 'x-notion-signature': [] }), waiting)).toBe('missing_signature');
  });
});

describe('Contentful', () => {
  const { headers, body, now, secrets } = loadFixture('contentful/published');
  const accepted = { secrets: [secret(secrets.current)], now };
  const says = (change: Record<string, string | readonly string[] | undefined>, url?: string) =>
    refusal(
      contentful,
      delivery({ ...headers, ...change }, body, { url: url ?? 'https://hooks.example.com/webhooks/contentful' }),
      accepted,
    );
  const LIST = 'x-contentful-signed-headers';

  it('covers the headers that are listed, and the list', () => {
    expect(says({})).toBe('accepted');
    expect(says({ 'x-contentful-topic': 'ContentManagement.Entry.delete' })).toBe('signature_mismatch');
    expect(says({ 'x-contentful-webhook-name': undefined })).toBe('malformed_signature');
    expect(says({ 'x-contentful-webhook-name': ['a', 'b'] })).toBe('malformed_signature');
    expect(says({ [LIST]: 'x-contentful-signed-headers,x-contentful-timestamp' })).toBe('signature_mismatch');
    expect(says({ 'x-other': 'is not listed' })).toBe('accepted');
    // The spelling of the list is signed too.
    expect(says({ [LIST]: headers[LIST]?.toUpperCase() })).toBe('signature_mismatch');
  });

  it('is one event if a signed header differs in what the signature does not see', () => {
    const TOPIC = 'x-contentful-topic';
    const of = (all: Record<string, string>) => identify(verified(delivery(all, body)), sourceOf(contentful));
    const event = of(headers);
    expect(event.type).toBe('ContentManagement.Entry.publish');
    for (const blank of ['\xa0', '\u3000', ' ', '\t']) {
      const change = { [TOPIC]: `${headers[TOPIC] ?? ''}${blank}` };
      expect(says(change)).toBe('accepted');
      expect(of({ ...headers, ...change })).toMatchObject({ key: event.key, type: event.type });
    }
  });

  it('takes no list without the time and itself, and none that names a header twice', () => {
    for (const list of ['x-contentful-timestamp', LIST, `${LIST},x-contentful-timestamp,${LIST}`, ',', 'a'.repeat(99)])
      expect(says({ [LIST]: list })).toBe('malformed_signature');
    const many = Array.from({ length: 60 }, (_, index) => `x-${index}`).join(',');
    expect(says({ [LIST]: `${LIST},x-contentful-timestamp,${many}` })).toBe('malformed_signature');
  });

  it('covers the method and the path, and no host', () => {
    expect(says({}, 'https://elsewhere.example.com/webhooks/contentful')).toBe('accepted');
    expect(says({}, 'https://hooks.example.com/webhooks/other')).toBe('signature_mismatch');
    const put = delivery(headers, body, { method: 'PUT', url: 'https://hooks.example.com/webhooks/contentful' });
    expect(refusal(contentful, put, accepted)).toBe('signature_mismatch');
  });

  it('is another event under another topic, if the topic is signed', () => {
    const key = (topic: string, list = headers[LIST] ?? '') =>
      identify(
        verified(delivery({ ...headers, 'x-contentful-topic': topic, [LIST]: list }, body)),
        sourceOf(contentful),
      ).key;
    expect(key('one')).not.toBe(key('two'));
    expect(key('one', 'x-contentful-timestamp')).toBe(key('two', 'x-contentful-timestamp'));
  });
});

describe('Jira', () => {
  const dynamic = schemeOf(jira, { webhook: 'dynamic' });
  const { body, headers } = sampled(jira);
  const { stored, signing } = dynamic.secretFrom('client secret');
  const made = dynamic.sign({ url: '', body, secrets: [signing], now: later(0) });
  const says = (changed: Record<string, string>, of = body, now = later(0), value = stored) =>
    refusal(jira, delivery({ ...headers, ...changed }, of), {
      ...{ options: { webhook: 'dynamic' }, now, secrets: [secret(value)] },
    });

  it('has the token of an app for a dynamic webhook, which covers no body', () => {
    expect(dynamic.coverage).toBe('caller');
    expect(says(made.headers)).toBe('accepted');
    expect(says(made.headers, Buffer.from('{}'))).toBe('accepted');
    expect(says(made.headers, body, later(0), 'another client secret')).toBe('signature_mismatch');
    expect(says(made.headers, body, later(3600))).toBe('timestamp_out_of_window');
  });

  it('takes each kind of webhook for itself: a token does not stand for a signature', () => {
    const signedByAdministrator = signed(jira, body, { headers });
    expect(refusal(jira, delivery({ ...headers, ...made.headers }, body))).toBe('missing_signature');
    expect(refusal(jira, signedByAdministrator, { options: { webhook: 'dynamic' } })).toBe('missing_signature');
  });
});
