import { describe, expect, it } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { docusign } from '../../../lambdas/providers/docusign.ts';
import { hubspot } from '../../../lambdas/providers/hubspot.ts';
import { meta } from '../../../lambdas/providers/meta/index.ts';
import { twilio } from '../../../lambdas/providers/twilio/index.ts';
import { zoom } from '../../../lambdas/providers/zoom.ts';
import { answerTo, answerToSigned, eventsIn } from './answer.ts';
import { delivery, refusal, secret, secretsOf, signed, URL_OF_SOURCE, withHeader } from './deliveries.ts';

describe('Zoom', () => {
  const { stored } = secretsOf(zoom);
  const validation = (plainToken: unknown) =>
    JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } });

  it('has its token answered with the HMAC of it, and that is no event', async () => {
    const { answer, events } = await answerToSigned(zoom, validation('qgg8vlvZRS6UYooatFL8Aw'));
    const encryptedToken = createHmac('sha256', stored).update('qgg8vlvZRS6UYooatFL8Aw').digest('hex');
    expect(answer).toEqual({ status: 200, body: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken } });
    expect(events).toEqual([]);
  });

  it('has nothing answered that is not signed', async () => {
    expect(zoom.handshakes).not.toHaveProperty('echo');
    const { answer } = await answerTo(zoom, delivery({}, validation('qgg8vlvZRS6UYooatFL8Aw')));
    expect(answer.status).toBe(401);
  });

  it.each(['v0:1772357400:{"event":"meeting.deleted"}', 'a:b', '', 'a b', 'é', 'x'.repeat(129), null, 1, {}])(
    'signs nothing for the token %j',
    async (token) => {
      const { answer, events } = await answerToSigned(zoom, validation(token));
      expect(answer).toEqual({ status: 400, body: { error: 'malformed_request' } });
      expect(events).toEqual([]);
    },
  );

  it('is no event if its body could be a token', async () => {
    expect((await answerToSigned(zoom, 'qgg8vlvZRS6UYooatFL8Aw')).answer.status).toBe(400);
  });

  it('has two equal bodies as one event, and its time in milliseconds', () => {
    const body = '{"event":"meeting.started","event_ts":1772357400123}';
    expect(eventsIn(zoom, body)).toMatchObject([
      { type: 'meeting.started', time: '2026-03-01T09:30:00.123Z', keyKind: 'body-hash' },
    ]);
  });
});

describe('DocuSign', () => {
  const body =
    '{"event":"envelope-sent","generatedDateTime":"2026-03-01T09:29:58.3170000Z","data":{"envelopeId":"e1"}}';
  const valid = signed(docusign, body);
  const [value = ''] = valid.headers.get('x-docusign-signature-1') ?? [];

  it('takes the signature of its key under any number, whatever the others are', () => {
    const at = (number: number) =>
      withHeader(withHeader(valid, 'x-docusign-signature-1', ['AAAA']), `x-docusign-signature-${number}`, [value]);
    expect(refusal(docusign, at(2))).toBe('accepted');
    expect(refusal(docusign, at(10))).toBe('accepted');
    expect(refusal(docusign, at(100))).toBe('accepted');
    expect(refusal(docusign, at(101))).toBe('malformed_signature');
  });

  it('is known by its envelope, its recipient, what happened and when', () => {
    const key = (text: string) => eventsIn(docusign, text)[0]?.key;
    expect(key(body)).toBe('envelope-sent:e1  2026-03-01T09:29:58.3170000Z');
    expect(key(body.replace('{"event":', '{"retryCount":1,"event":'))).toBe(key(body));
    expect(key(body.replace('"e1"', '"e1","recipientId":"2"'))).not.toBe(key(body));
    expect(key(body.replace(':58.', ':59.'))).not.toBe(key(body));
  });

  it('has XML in quarantine', () => {
    expect(eventsIn(docusign, '<?xml version="1.0"?><DocuSignEnvelopeInformation/>')).toMatchObject([
      { quarantine: 'not_json' },
    ]);
  });
});

describe('Meta', () => {
  const stored = JSON.stringify({ appSecret: 'an app secret', verifyToken: 'a verify token' });
  const get = (parameters: Record<string, string>) =>
    delivery({}, '', { method: 'GET', url: `${URL_OF_SOURCE}?${new URLSearchParams(parameters).toString()}` });
  const right = { 'hub.mode': 'subscribe', 'hub.verify_token': 'a verify token', 'hub.challenge': '1158201444' };

  it('has its challenge sent back as text, for our token alone', async () => {
    expect((await answerTo(meta, get(right), stored)).answer).toEqual({ status: 200, body: '1158201444' });
    for (const wrong of [
      { 'hub.verify_token': 'another' },
      { 'hub.verify_token': '' },
      { 'hub.verify_token': 'an app secret' },
      { 'hub.mode': 'unsubscribe' },
      { 'hub.challenge': '<script>' },
      { 'hub.challenge': '1'.repeat(201) },
    ])
      expect((await answerTo(meta, get({ ...right, ...wrong }), stored)).answer).toMatchObject({
        ...{ status: 403, body: { error: 'malformed_request' } },
      });
    expect((await answerTo(meta, get({}), stored)).answer.status).toBe(403);
  });

  it('is signed with the app secret, and not with the verify token', () => {
    const of = (key: string) => {
      const mac = createHmac('sha256', key).update('{"entry":[]}').digest('hex');
      return delivery({ 'x-hub-signature-256': `sha256=${mac}` }, '{"entry":[]}');
    };
    expect(refusal(meta, of('an app secret'), { secrets: [secret(stored)] })).toBe('accepted');
    expect(refusal(meta, of('a verify token'), { secrets: [secret(stored)] })).toBe('signature_mismatch');
  });

  it('has each change as an event, known by its exact text, with the entry as its body', () => {
    const one = '{"id":"1","time":1772357400,"changes":[{"field":"feed","value":{}},{"field":"likes"},7]}';
    const two = '{"id":"1","time":1772357400123,"messaging":[{"mid":"m"}]}';
    const events = eventsIn(meta, `{"object":"page","entry":[${one}, ${two},{"id":"3"}]}`);
    const [first, , , fourth] = events;
    expect(events).toMatchObject([
      { type: 'feed', pointer: '/entry/0/changes/0', time: '2026-03-01T09:30:00.000Z', keyKind: 'body-hash' },
      { type: 'likes', pointer: '/entry/0/changes/1', time: '2026-03-01T09:30:00.000Z' },
      { type: 'unknown', pointer: '/entry/0/changes/2', quarantine: 'not_json' },
      { type: 'messaging', pointer: '/entry/1/messaging/0', time: '2026-03-01T09:30:00.123Z' },
      { type: 'page', pointer: '/entry/2' },
    ]);
    expect(events.map(({ body }) => body.toString())).toEqual([one, one, one, two, '{"id":"3"}']);
    expect(eventsIn(meta, `{"object":"page","entry":[${one}]}`)[0]?.key).toBe(first?.key);
    // The same change later, and the same of another page, are others; what Messenger sends again with another time is not.
    expect(eventsIn(meta, `{"entry":[${one.replace('00,', '01,')}]}`)[0]?.key).not.toBe(first?.key);
    expect(eventsIn(meta, `{"entry":[${one.replace('"1"', '"2"')}]}`)[0]?.key).not.toBe(first?.key);
    expect(eventsIn(meta, `{"entry":[${two.replace('123,', '124,')}]}`)[0]?.key).toBe(fourth?.key);
  });

  it('has each message and each status of WhatsApp under its own id', () => {
    const value = {
      metadata: { phone_number_id: '1' },
      messages: [{ id: 'wamid.A', timestamp: '1772357400' }, { id: 'wamid.B' }],
      statuses: [
        { id: 'wamid.C', status: 'sent' },
        { id: 'wamid.C', status: 'read', recipient_participant_id: '49' },
        { status: 'read' },
      ],
    };
    const body = JSON.stringify({ entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
    expect(eventsIn(meta, body).map(({ key, type, pointer }) => [key.slice(0, 20), type, pointer])).toEqual([
      ['wamid.A', 'messages', '/entry/0/changes/0/value/messages/0'],
      ['wamid.B', 'messages', '/entry/0/changes/0/value/messages/1'],
      ['sent:wamid.C', 'messages', '/entry/0/changes/0/value/statuses/0'],
      ['read:wamid.C 49', 'messages', '/entry/0/changes/0/value/statuses/1'],
      [expect.stringMatching(/^sha256:/), 'messages', '/entry/0/changes/0/value/statuses/2'],
    ]);
    // The items in the samples of the App Dashboard are years old, and are not replays.
    expect(eventsIn(meta, body.replace('1772357400', '1504902988'))[0]).not.toHaveProperty('quarantine');
  });

  it('is one event that waits if its copies would take too much', () => {
    const changes = Array.from({ length: 20_000 }, () => '{"field":"feed"}').join();
    expect(eventsIn(meta, `{"entry":[{"changes":[${changes}]}]}`)).toMatchObject([
      { quarantine: 'unexpected_notification', pointer: '/entry/0' },
    ]);
  });

  it('has a thousand entries in one delivery', async () => {
    const entries = Array.from({ length: 1000 }, (_, index) => `{"id":"${index}","changes":[{"field":"messages"}]}`);
    const { answer } = await answerToSigned(meta, `{"object":"page","entry":[${entries.join()}]}`);
    expect(answer).toEqual({ status: 200, body: { status: 'accepted' } });
  });
});

describe('HubSpot', () => {
  const body =
    '[{"eventId":1,"subscriptionId":2,"objectId":3,"occurredAt":1772357400123,"subscriptionType":"contact.creation"}]';

  it('takes no signature of version 1 or 2: whoever has seen one can make longer ones', () => {
    const { stored } = secretsOf(hubspot);
    for (const text of [stored + body, `${stored}POST${URL_OF_SOURCE}${body}`]) {
      const plain = createHash('sha256').update(text).digest('hex');
      expect(refusal(hubspot, delivery({ 'x-hubspot-signature': plain }, body))).toBe('missing_signature');
      const renamed = { 'x-hubspot-signature-v3': plain, 'x-hubspot-request-timestamp': '1772357400000' };
      expect(refusal(hubspot, delivery(renamed, body))).toBe('malformed_signature');
    }
  });

  it('signs the method', () => {
    const valid = signed(hubspot, body);
    expect(refusal(hubspot, { ...valid, method: 'PUT' })).toBe('signature_mismatch');
  });

  it('has an event of the same id about another object as another event', () => {
    const key = (text: string) => eventsIn(hubspot, text)[0]?.key;
    expect(eventsIn(hubspot, body)).toMatchObject([{ type: 'contact.creation', time: '2026-03-01T09:30:00.123Z' }]);
    expect(key(body.replace('"objectId":3', '"objectId":4'))).not.toBe(key(body));
    expect(key(body.replace('"eventId":1,', ''))).toMatch(/^sha256:/);
  });
});

describe('Twilio', () => {
  const body = 'Body=a%2bb&From=%2B1501&MessageStatus=sent&MessageSid=SM1';
  const valid = signed(twilio, body);
  const [value = ''] = valid.headers.get('x-twilio-signature') ?? [];
  const says = (text: string, url = URL_OF_SOURCE) =>
    refusal(twilio, delivery({ 'x-twilio-signature': value }, text, { url }));

  it('covers the fields, and not how they are written: that makes no new event', () => {
    expect(says(body.replace('%2b', '%2B'))).toBe('accepted');
    expect(says(body.replace('MessageSid=SM1', 'MessageSidSM=1'))).toBe('accepted');
    const key = (text: string) => eventsIn(twilio, text)[0]?.key;
    expect(key(body.replace('%2b', '%2B'))).toBe(key(body));
    expect(key(body.replace('MessageSid=SM1', 'MessageSidSM=1'))).toBe(key(body));
    expect(key(body.replace('sent', 'delivered'))).not.toBe(key(body));
    expect(eventsIn(twilio, body)).toMatchObject([{ type: 'sent', coverage: 'fields' }]);
  });

  it('does not take a form whose fields were signed as a URL', () => {
    const json = signed(twilio, '{"a":1}');
    const asForm = encodeURIComponent(json.url.slice(URL_OF_SOURCE.length));
    const [signature = ''] = json.headers.get('x-twilio-signature') ?? [];
    expect(refusal(twilio, json)).toBe('accepted');
    const of = delivery({ 'x-twilio-signature': signature }, `${asForm}=`);
    expect(refusal(twilio, of)).toBe('signature_mismatch');
  });

  it('takes the hash of the body that came, whatever the URL says of it', () => {
    const json = signed(twilio, '{"a":1}');
    expect(refusal(twilio, { ...json, body: Buffer.from('{"a":2}') })).toBe('signature_mismatch');
    expect(refusal(twilio, { ...json, url: URL_OF_SOURCE })).toBe('signature_mismatch');
  });

  it('answers as the SDK does: 400 without the header, 403 for a wrong one', async () => {
    expect((await answerTo(twilio, delivery({}, body))).answer.status).toBe(400);
    const forged = delivery({ 'x-twilio-signature': value }, body.replace('sent', 'failed'));
    expect((await answerTo(twilio, forged)).answer.status).toBe(403);
  });
});
