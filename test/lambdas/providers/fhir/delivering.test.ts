import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import { athenahealth } from '../../../../lambdas/providers/athenahealth.ts';
import { fhir } from '../../../../lambdas/providers/fhir/index.ts';
import { medplum } from '../../../../lambdas/providers/medplum.ts';
import { fixedSecrets } from '../../core/in-memory.ts';
import { delivery, refusal, secret, secretsOf, signed } from '../deliveries.ts';
import { loadFixture } from '../fixtures.ts';
import { example, notification } from './notifications.ts';
import { gateway } from './receiving.ts';

const TOKEN = secretsOf(fhir).stored;
const BUNDLE = {
  ...{ status: 200, headers: { 'content-type': 'application/fhir+json' } },
  body: { resourceType: 'Bundle', type: 'transaction-response' },
};

describe('each event once', () => {
  it('in another batch, with another Bundle, time, count and status', async () => {
    const { post, process } = gateway();
    const [a, b, c] = [1, 2, 3].map((number) => ({
      number: String(number),
      focus: `Encounter/${number}`,
      time: '2026-03-01T09:00:00Z',
    }));
    if (!a || !b || !c) throw new Error('three events');
    await post(notification({ events: [a, b], count: '2' }));
    await process();
    await post(notification({ events: [c, b], count: '3', bundleId: 'bundle-2', status: 'error', format: 'r5' }));
    await post(notification({ events: [a], count: '1', bundleId: 'bundle-3' }));
    expect((await process()).sort()).toEqual(['7/1', '7/2', '7/3']);
  });

  it('by a handshake and a heartbeat too, if either carries one that is new', async () => {
    const { post, process, queue } = gateway();
    await post(notification({ events: [{ number: '1' }] }));
    await post(notification({ type: 'heartbeat', events: [{ number: '1' }] }));
    await post(notification({ type: 'handshake', events: [{ number: '2' }] }));
    expect((await process()).sort()).toEqual(['7/1', '7/2']);
    await post(notification({ type: 'heartbeat' }));
    expect(queue.events).toEqual([]);
  });

  it('with its whole notification as its body, and where it is in that', async () => {
    const { post, process, handled } = gateway();
    const text = example('derived/r4b.event-multiple');
    await post(text);
    await process();
    expect(handled.map(({ body }) => body.toString())).toEqual([text, text]);
    expect(handled.map(({ pointer }) => pointer).sort()).toEqual([
      '/entry/0/resource/notificationEvent/0',
      '/entry/0/resource/notificationEvent/1',
    ]);
  });

  it('if one of three cannot be queued: the delivery fails, and its retry completes it', async () => {
    const { post, process, queue } = gateway();
    const events = ['1', '2', '3'].map((number) => ({ number }));
    let sends = 0;
    const failing = {
      send: (event: Parameters<typeof queue.send>[0]) =>
        ++sends === 1 ? Promise.reject(new Error('down')) : queue.send(event),
    };
    expect(await post(notification({ events }), { queue: failing })).toMatchObject({ status: 503 });
    expect(await post(notification({ events, bundleId: 'again' }), { queue: failing })).toEqual(BUNDLE);
    expect((await process()).sort()).toEqual(['7/1', '7/2', '7/3']);
  });
});

describe('a number that is used again', () => {
  const first = notification({ events: [{ number: '1', focus: 'Patient/1' }] });
  const other = notification({ events: [{ number: '1', focus: 'Patient/2' }], bundleId: 'other' });

  it('is a conflict, once, and is said so: a server that counts again, or always 1, loses nothing', async () => {
    const { post, waiting, observer, process } = gateway();
    await post(first);
    await post(other);
    await post(notification({ events: [{ number: '1', focus: 'http://a/Patient/2' }], bundleId: 'a third' }));
    expect(waiting()).toEqual([[expect.stringMatching(/^conflict:/), 'conflict']]);
    expect(observer.seen).toContain('conflict');
    expect(await process()).toEqual(['7/1']);
  });

  it('is one in a batch, behind the queue, too', async () => {
    const { post, waiting, process } = gateway();
    await post(first);
    await post(
      notification({
        events: [
          { number: '1', focus: 'Patient/2' },
          { number: '2', focus: 'Patient/3' },
        ],
      }),
    );
    expect(await process()).toEqual(['7/1', '7/2']);
    expect(waiting()).toHaveLength(1);
  });

  it('is none if only one of the two says what it is about', async () => {
    const { post, waiting } = gateway();
    await post(first);
    await post(notification({ events: [{ number: '1' }], bundleId: 'empty' }));
    await post(notification({ events: [{ number: '1', time: '2026-03-01T09:00:00Z' }], bundleId: 'empty' }));
    expect(waiting()).toEqual([]);
  });

  it('is another event in another generation, and at HAPI, which counts from 1 at every start', async () => {
    const hapi = gateway({ dialect: 'bundle-id' });
    await hapi.post(first);
    await hapi.post(other);
    expect(await hapi.process()).toEqual(['bundle-1', 'other']);
    expect(hapi.waiting()).toEqual([]);
  });
});

describe('the token', () => {
  const body = notification({ events: [{ number: '1' }] });
  const refused = (headers: Record<string, string | string[]>, options = {}) =>
    refusal(fhir, delivery(headers, body), { options, secrets: [secret(TOKEN)] });

  it.each(['Bearer', 'bearer', 'BEARER'])('comes behind %s', (scheme) => {
    expect(refused({ authorization: `${scheme} ${TOKEN}` })).toBe('accepted');
  });

  it('is compared whole, with its case', () => {
    expect(refused({ authorization: `Bearer ${TOKEN.toUpperCase()}x` })).toBe('signature_mismatch');
    expect(refused({ authorization: [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`] })).toBe('malformed_signature');
    expect(refused({ authorization: `Basic ${TOKEN}` })).toBe('malformed_signature');
    expect(refused({ authorization: `Bearer ${'x'.repeat(5000)}` })).toBe('malformed_signature');
    expect(refused({})).toBe('missing_signature');
  });

  it('is in another header, or HTTP Basic, or the whole value, if the source says so', () => {
    expect(refused({ 'x-hook-token': TOKEN }, { header: 'x-hook-token' })).toBe('accepted');
    expect(refused({ authorization: TOKEN }, { scheme: 'none' })).toBe('accepted');
    const basic = Buffer.from('user:a long password').toString('base64');
    expect(
      refusal(fhir, delivery({ authorization: `Basic ${basic}` }, body), {
        options: { scheme: 'basic' },
        secrets: [secret('user:a long password')],
      }),
    ).toBe('accepted');
  });

  it('of before and after a rotation is accepted while both are', async () => {
    const { ports, source } = gateway();
    const secrets = fixedSecrets('the-new-token-1', 'the-pending-token-2', 'the-old-token-3');
    for (const token of ['the-new-token-1', 'the-pending-token-2', 'the-old-token-3'])
      expect(
        await receive(delivery({ authorization: `Bearer ${token}` }, body), source, { ...ports, secrets }),
      ).toMatchObject({
        status: 200,
      });
  });

  it('has to be right for a handshake, of which nothing is kept otherwise', async () => {
    const { postWith, heard, observer } = gateway();
    const handshake = example('r5/handshake');
    expect(await postWith({ authorization: 'Bearer wrong-token' }, handshake)).toMatchObject({ status: 401 });
    expect(await postWith({}, handshake)).toMatchObject({ status: 401 });
    expect(heard).toEqual([]);
    expect(observer.seen.join()).not.toMatch(/notified|acknowledged/);
    expect(await postWith({ authorization: `Bearer ${TOKEN}` }, handshake)).toEqual(BUNDLE);
    expect(heard).toMatchObject([{ subscription: '123', type: 'handshake', status: 'requested', count: '0' }]);
  });

  it('is in nothing that is kept: evidence, message, quarantine, archive, ledger, notes', async () => {
    const { post, process, queue, quarantine, archive, ledger, heard, observer, handled } = gateway();
    const withHint = example('r4-backport/event-empty-with-auth');
    await post(body);
    await post('<xml/>');
    await post(example('derived/r4b.event-multiple'));
    await post(withHint);
    const before = [...queue.events, ...quarantine.events].map(encodeMessage).join();
    await process();
    const kept = [before, JSON.stringify([[...ledger.items], heard, observer.seen, handled, quarantine.events])];
    const archived = [...archive.objects.values()].flat().map(encodeMessage).join();
    for (const text of [...kept, archived]) {
      expect(text).not.toContain(TOKEN);
      expect(text.length).toBeGreaterThan(100);
    }
    // The hint that a server gives in the body, about authorization, is the event's own, and in no log.
    expect(observer.seen.join()).not.toMatch(/authorization|Bearer/i);
  });
});

describe('what a notification says of its Subscription', () => {
  it('is counted by its type, and is kept; only one with an event is a delivery that brings something new', async () => {
    const { post, observer, heard } = gateway();
    await post(example('r4-backport/heartbeat'));
    expect(observer.seen).not.toContain('acknowledged');
    await post(notification({ type: 'not-of-the-standard', status: 'odd', events: [{ number: '3' }], count: '3' }));
    expect(observer.seen).toEqual(expect.arrayContaining(['notified:heartbeat', 'notified:other', 'acknowledged']));
    expect(heard).toMatchObject([
      { type: 'heartbeat' },
      { subscription: '7', type: 'other', status: 'other', count: '3', events: 1 },
    ]);
  });

  it.each(['error', 'off'])('is a failure if its status is %s, with any type', async (status) => {
    const { post, heard } = gateway();
    await post(notification({ type: 'heartbeat', status }));
    expect(heard).toMatchObject([{ isFailing: true, status }]);
  });

  it('is a failure if it names an error', async () => {
    const { post, heard } = gateway();
    await post(example('r5/event-with-error'));
    expect(heard).toMatchObject([{ isFailing: true }]);
  });

  it('changes no answer if it cannot be kept', async () => {
    const { post } = gateway();
    const notes = { heard: () => Promise.reject(new Error('throttled')) };
    expect(await post(notification({ events: [{ number: '1' }] }), { notes })).toEqual(BUNDLE);
  });
});

describe('the answer', () => {
  it.each([
    ['bundle', BUNDLE],
    ['empty', { status: 200 }],
    ['no-content', { status: 204 }],
  ])('is as the source says: %s', async (answer, expected) => {
    const { post } = gateway({ answer });
    expect(await post(notification({ events: [{ number: '1' }] }))).toEqual(expected);
    expect(await post(example('r5/handshake'))).toEqual(expected);
  });

  it('to a body that is too large is 413', async () => {
    const { post, observer } = gateway();
    expect(await post(Buffer.alloc(1_000_001, ' '))).toMatchObject({ status: 413 });
    expect(observer.seen).toContain('rejected:body_too_large');
  });

  it.each(['application/json', 'text/plain', 'application/fhir+json; fhirVersion=4.0', undefined])(
    'does not depend on the content type %s',
    async (type) => {
      const { postWith } = gateway();
      const headers = { authorization: `Bearer ${TOKEN}`, ...(type !== undefined && { 'content-type': type }) };
      expect(await postWith(headers, notification({ events: [{ number: '1' }] }))).toEqual(BUNDLE);
    },
  );
});

describe('a compressed notification', () => {
  it('is kept as it came, and waits: nothing is unpacked here', async () => {
    const { postWith, waiting, quarantine } = gateway();
    const zipped = gzipSync(notification({ events: [{ number: '1' }] }));
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-encoding': 'gzip' };
    expect(await postWith(headers, zipped)).toEqual(BUNDLE);
    expect(waiting()).toEqual([[expect.any(String), 'not_json']]);
    expect(quarantine.events[0]?.body).toEqual(zipped);
  });
});

describe('a flood by a holder of the token', () => {
  it('of heartbeats with rising counts, and of empty notifications, queues nothing and asks for nothing', async () => {
    const { post, queue, ledger, quarantine, heard } = gateway();
    for (let count = 1; count <= 50; count++)
      expect(await post(notification({ type: 'heartbeat', count: String(10n ** 17n + BigInt(count)) }))).toEqual(
        BUNDLE,
      );
    expect([queue.events, quarantine.events, [...ledger.items]]).toEqual([[], [], []]);
    // The poller runs by its schedule alone: all that a heartbeat leaves behind is a note of the latest.
    expect(heard).toHaveLength(50);
  });
});

describe('Medplum', () => {
  const { headers, body } = loadFixture('medplum/create');
  const resource = body.toString();

  it('names an event by the version of its resource, whatever its bytes', async () => {
    const { post, process, waiting } = gateway({}, medplum);
    await post(resource);
    await post(resource.replace('Núñez', 'another URL of an attachment'));
    expect(await process()).toEqual([
      'Patient/6f0b8a34-3f2f-4a1c-9d83-0d5c0f8f2a10/0c4c9d0e-8f3d-4a8e-8b39-9b4f0e8f7a21',
    ]);
    expect(waiting()).toEqual([]);
  });

  it('believes no header beside a resource', async () => {
    const { send, process, handled } = gateway({}, medplum);
    await send(
      signed(medplum, resource, {
        headers: { ...headers, 'x-medplum-interaction': 'delete', 'x-medplum-deleted-resource': 'Patient/9' },
      }),
    );
    await process();
    expect(handled).toMatchObject([{ type: 'Patient' }]);
  });

  it('keeps deletions apart, says that they are unproved, and takes a replayed one for known', async () => {
    const { send, process, handled } = gateway({}, medplum);
    const deletion = (of: string) =>
      send(signed(medplum, '{}', { headers: { 'x-medplum-interaction': 'delete', 'x-medplum-deleted-resource': of } }));
    for (const deleted of ['Patient/1', 'Patient/2', 'Patient/1']) await deletion(deleted);
    expect(await process()).toEqual(['unproved-deletion:Patient/1', 'unproved-deletion:Patient/2']);
    expect(handled).toMatchObject([{ type: 'Patient.deleted', keyKind: 'derived' }, { keyKind: 'derived' }]);
  });
});

describe('athenahealth', () => {
  it.each(['appointment', 'order', 'patient'])(
    'reads its own example of %s, the blank at its end and all',
    async (name) => {
      const { headers, body, secrets } = loadFixture(`athenahealth/${name}`);
      expect(body.subarray(-2).toString()).toBe(' \n');
      const of = delivery(headers, body);
      expect(refusal(athenahealth, of, { secrets: [secret(secrets.current)] })).toBe('accepted');
      const { post, process, handled } = gateway({}, athenahealth);
      await post(body);
      expect(await process()).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
      expect(handled[0]?.type).toMatch(/^[A-Z][A-Za-z]+\.[a-z]+$/);
    },
  );

  it.each(['sha1', 'sha512', ''])('refuses the method %j', (method) => {
    const { headers, body, secrets } = loadFixture('athenahealth/order');
    const other = { 'x-hub-signature': String(headers['x-hub-signature']).replace('sha256', method) };
    expect(refusal(athenahealth, delivery(other, body), { secrets: [secret(secrets.current)] })).toBe(
      'malformed_signature',
    );
  });
});
