import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../lambdas/core/json.ts';
import { identifyAll } from '../../../../lambdas/core/receive/identify.ts';
import { fhir } from '../../../../lambdas/providers/fhir/index.ts';
import { readNotification } from '../../../../lambdas/providers/fhir/notification.ts';
import { NOW, signed, sourceOf, verified } from '../deliveries.ts';
import { example, examplesIn, notification, parameters } from './notifications.ts';
import type { EventSpec, NotificationSpec } from './notifications.ts';

const read = (text: string, options = {}) =>
  identifyAll(verified(signed(fhir, text, { headers: {} }), NOW), sourceOf(fhir, options));
const readSpec = (spec: NotificationSpec, options = {}) => read(notification(spec), options);
const keys = (text: string, options = {}): string[] => read(text, options).map(({ key }) => key);
const one = (event: EventSpec, spec: NotificationSpec = {}) => readSpec({ ...spec, events: [event] })[0];
const reasons = (text: string) => read(text).map(({ quarantine }) => quarantine);

describe('every official example', () => {
  const EVENTS: Readonly<Record<string, readonly string[]>> = {
    'r4-backport/event-empty': ['admission/2'],
    'r4-backport/event-empty-with-auth': ['admission/2'],
    'r4-backport/event-id-only': ['admission/2'],
    'r4-backport/event-id-only-with-query': ['admission/2'],
    'r4-backport/event-full-resource': ['admission/2'],
    'r4-backport/event-multi-resource': ['admission/2'],
    'r4-backport/handshake': [],
    'r4-backport/heartbeat': [],
    'r4b/event-empty': ['123/2'],
    'r4b/event-id-only': ['123/2'],
    'r4b/event-id-only-with-patient': ['123/2'],
    'r4b/event-full-resource': ['123/2'],
    'r4b/event-full-resource-with-patient': ['123/2'],
    'r4b/handshake': [],
    'r4b/heartbeat': [],
    'r5/event-empty': ['123/2'],
    'r5/event-id-only': ['123/2'],
    'r5/event-id-only-with-patient': ['123/2'],
    'r5/event-full-resource': ['123/2'],
    'r5/event-full-resource-with-patient': ['123/2'],
    'r5/event-with-error': ['123/328'],
    'r5/query-event': ['123/307', '123/308'],
    'r5/handshake': [],
    'r5/heartbeat': [],
    'derived/r4-backport.event-multiple': ['admission/3', 'admission/4'],
    'derived/r4b.event-multiple': ['123/3', '123/4'],
    'derived/r5.event-multiple': ['123/307', '123/308'],
    'derived/r4b.heartbeat-with-event': ['123/2'],
    'derived/r4-backport.heartbeat-gap': [],
    'derived/r5.handshake-reactivated': [],
    'derived/r5.event-64-bit': ['123/9007199254740993'],
  };

  it.each(Object.entries(EVENTS))('%s', (name, expected) => {
    const events = read(example(name));
    expect(events.map(({ key }) => key)).toEqual(expected);
    for (const event of events) {
      // A topic need not be stated.
      expect(event.type).toBe(example(name).includes('/admission"') ? 'admission' : 'event');
      expect(event.body).toEqual(Buffer.from(example(name)));
      expect(event).not.toHaveProperty('quarantine');
    }
  });

  it.each(['r4b/message-channel', 'r5/message-channel', 'r5/subscription-admission'])(
    '%s is not a notification with events',
    (name) => {
      expect(reasons(example(name))).not.toContain(undefined);
    },
  );

  it('is read: none is left out', () => {
    const all = ['r4-backport', 'r4b', 'r5', 'derived'].flatMap(examplesIn);
    for (const name of all) expect(() => read(example(name))).not.toThrow();
    expect(all.length).toBeGreaterThan(35);
  });

  it.each(['r4b/query-status', 'r5/query-status', 'r4-backport/query-status-error'])(
    '%s says how it stands',
    (name) => {
      const { type, count, subscription } = readNotification(JSON.parse(example(name)) as JsonObject) ?? {};
      expect(type).toBe('query-status');
      expect(count).toMatch(/^\d+$/);
      expect(subscription).toBeDefined();
    },
  );
});

describe('numbers', () => {
  it('are 64 bits: two that JavaScript takes for one are two events', () => {
    const events = readSpec({ events: [{ number: '9007199254740992' }, { number: '9007199254740993' }] });
    expect(events.map(({ key }) => key)).toEqual(['7/9007199254740992', '7/9007199254740993']);
    expect(one({ number: '9223372036854775807' })?.key).toBe('7/9223372036854775807');
  });

  it('lose their leading zeros, and may be JSON numbers', () => {
    expect(one({ number: '0007' })?.key).toBe('7/7');
    expect(one({ number: 17 })?.key).toBe('7/17');
  });

  it('of zero are of no event', () => {
    expect(readSpec({ type: 'heartbeat', events: [{ number: '0' }] })).toEqual([]);
    expect(readSpec({ events: [{ number: '0' }] })).toMatchObject([{ quarantine: 'unexpected_notification' }]);
  });

  it.each([undefined, '-1', '1.0', '1e3', '', ' 1', '9223372036854775808', 2 ** 53, 1.5, -1, true, null, {}])(
    'that are none, as %p, leave the event in quarantine',
    (number) => {
      expect(one({ number })).toMatchObject({ quarantine: 'no_event_id', keyKind: 'body-hash' });
    },
  );

  it('that are unreadable spoil no other, and are the same unreadable event in any batch', () => {
    const bad = { number: 'x', focus: 'Encounter/9' };
    const batch = readSpec({ events: [{ number: '1' }, bad, { number: '2' }] });
    expect(batch.map(({ key, quarantine }) => [key, quarantine])).toEqual([
      ['7/1', undefined],
      [expect.stringMatching(/^sha256:/), 'no_event_id'],
      ['7/2', undefined],
    ]);
    expect(readSpec({ events: [bad], bundleId: 'other' })[0]?.key).toBe(batch[1]?.key);
  });

  it('are in any order, with holes, and twice the same is one event', () => {
    const numbers = ['9', '2', '5', '2'];
    expect(readSpec({ events: numbers.map((number) => ({ number })) }).map(({ key }) => key)).toEqual([
      '7/9',
      '7/2',
      '7/5',
    ]);
    const two = [
      { number: '2', focus: 'Encounter/1' },
      { number: '2', focus: 'Encounter/2' },
    ];
    expect(readSpec({ events: two })).toHaveLength(2);
  });
});

describe('the Subscription', () => {
  it.each([
    'Subscription/7',
    'https://example.org/fhir/Subscription/7',
    'http://example.org/fhir/Subscription/7',
    'https://example.org/fhir/Subscription/7/_history/1',
  ])('is the same one as %s', (subscription) => {
    expect(one({ number: '1' }, { subscription })?.key).toBe('7/1');
  });

  it('tells two with the same numbers apart', () => {
    expect(one({ number: '1' }, { subscription: 'Subscription/8' })?.key).toBe('8/1');
  });

  it.each([
    ['by an identifier alone', { identifier: { value: 'x' } }],
    ['missing', undefined],
    ['something else', { reference: 'nothing of the kind' }],
  ])('%s is no identity, unless the source states which', (_what, subscription) => {
    const text = notification({ subscription, events: [{ number: '1' }] });
    expect(reasons(text)).not.toContain(undefined);
    if (subscription) expect(keys(text, { subscription: '7' })).toEqual(['7/1']);
  });

  it.each(['__proto__/1', 'constructor/prototype', 'Subscription/__proto__', 'Subscription/constructor'])(
    'is no more than a text if it is named %s',
    (subscription) => {
      const [event] = readSpec({ subscription, events: [{ number: '1', focus: subscription }] });
      const id = /^Subscription\/(.*)/.exec(subscription)?.[1];
      if (id === undefined) expect(event).toMatchObject({ quarantine: 'no_event_id' });
      else expect(event?.key).toBe(`${id}/1`);
      expect(one({ focus: subscription, time: '2026-03-01T09:00:00Z' }, {})).toMatchObject({ keyKind: 'body-hash' });
    },
  );

  it('is not guessed if there are two', () => {
    const status = parameters({ events: [{ number: '1' }] });
    const twice = [
      { name: 'subscription', valueReference: { reference: 'Subscription/8' } },
      ...(status.parameter as []),
    ];
    const text = JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: { ...status, parameter: twice } }] });
    expect(reasons(text)).toEqual(['no_event_id']);
    expect(read(text, { subscription: '7' })[0]?.quarantine).toBe('no_event_id');
  });

  it('that the source does not state waits', () => {
    const events = readSpec({ events: [{ number: '1' }] }, { subscription: '8' });
    expect(events).toMatchObject([{ key: '7/1', quarantine: 'wrong_subscription' }]);
    expect(readSpec({ type: 'heartbeat' }, { subscription: '8' })).toEqual([]);
  });

  it('has a generation in front of its keys once its server has counted again', () => {
    expect(readSpec({ events: [{ number: '1' }] }, { generation: 'b' })[0]?.key).toBe('b:7/1');
  });
});

describe('the shape', () => {
  it('has parameters in any order, among others, and its status anywhere among the entries', () => {
    const status = parameters({ events: [{ number: '1' }], topic: 'http://a/Topic/discharge' });
    const shuffled = [
      { name: '__proto__', valueString: 'x' },
      { name: 'constructor' },
      ...(status.parameter as object[]).reverse(),
      null,
      7,
    ];
    const entry = [
      { resource: { resourceType: 'Patient', id: '1' } },
      { resource: { ...status, parameter: shuffled } },
    ];
    expect(read(JSON.stringify({ resourceType: 'Bundle', entry }))).toMatchObject([
      { key: '7/1', type: 'discharge', pointer: expect.stringMatching(/^\/entry\/1\/resource\/parameter\/\d+$/) },
    ]);
  });

  it('with two statuses is no notification', () => {
    const more = [{ resource: parameters({ events: [{ number: '2' }] }) }];
    expect(readSpec({ events: [{ number: '1' }], more })).toMatchObject([{ quarantine: 'unexpected_notification' }]);
  });

  it('has its values under any name of a value', () => {
    const part = [
      { name: 'event-number', valueUnsignedInt: 3 },
      { name: 'focus', valueUri: 'Encounter/2' },
      { name: 'timestamp', valueDateTime: '2026-03-01T09:00:00Z' },
    ];
    const parameter = [
      { name: 'type', valueString: 'event-notification' },
      { name: 'subscription', valueString: 'Subscription/7' },
      { name: 'notification-event', part },
    ];
    const text = JSON.stringify({
      resourceType: 'Bundle',
      entry: [{ resource: { resourceType: 'Parameters', parameter } }],
    });
    expect(read(text)).toMatchObject([{ key: '7/3', type: 'Encounter', time: '2026-03-01T09:00:00.000Z' }]);
  });

  it.each(['2026-03-01', '2023-09-04 10:38:43.020984+03', '2026-02-30T00:00:00Z', 'yesterday'])(
    'with the time %s has no time, and fails in nothing',
    (time) => {
      expect(one({ number: '1', time })).toMatchObject({ key: '7/1' });
      expect(one({ number: '1', time })).not.toHaveProperty('time');
    },
  );

  it.each(['2020-05-29T11:44:13.1882432-05:00', '2020-05-29T16:44:13.188243211Z'])(
    'has up to nine decimals: %s',
    (time) => {
      expect(one({ number: '1', time })?.time).toBe('2020-05-29T16:44:13.188Z');
    },
  );

  it('without a topic, or with a long one, has the type of its resource, or says that it is an event', () => {
    expect(one({ number: '1' })?.type).toBe('event');
    expect(one({ number: '1', focus: 'https://a/fhir/Encounter/2' })?.type).toBe('Encounter');
    expect(one({ number: '1', focus: 'Encounter/2' }, { topic: `http://a/${'t'.repeat(300)}` })?.type).toBe(
      'Encounter',
    );
    expect(one({ number: '1' }, { topic: 'http://a/Topic/admission|1.2' })?.type).toBe('admission');
  });

  it.each([
    ['a history', { type: 'history', entry: [{ resource: { resourceType: 'Patient', id: '1' } }] }],
    ['a search', { type: 'searchset', entry: [] }],
    ['a message', { type: 'message', entry: [{ resource: { resourceType: 'MessageHeader' } }] }],
    ['entries that are none', { type: 'history', entry: [null, 7, [], { resource: null }] }],
    ['no entries', { type: 'history' }],
    ['entries that are an object', { type: 'history', entry: { 0: {} } }],
  ])('of %s is no notification', (_what, bundle) => {
    expect(reasons(JSON.stringify({ resourceType: 'Bundle', ...bundle }))).toEqual(['unexpected_notification']);
  });

  it.each(['query-event', 'something-new'])('of the type %s is handled by its events', (type) => {
    expect(readSpec({ type, events: [{ number: '1' }] })).toMatchObject([{ key: '7/1' }]);
    expect(readSpec({ type })).toMatchObject([{ quarantine: 'unexpected_notification' }]);
  });

  it('of an event-notification without an event waits', () => {
    expect(readSpec({ type: 'event-notification' })).toMatchObject([{ quarantine: 'unexpected_notification' }]);
  });

  it.each([
    ['XML', '<Bundle xmlns="http://hl7.org/fhir"><type value="history"/></Bundle>'],
    ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0, 0]).toString('latin1')],
    ['nothing', ''],
  ])('of %s waits as not_json', (_what, text) => {
    expect(reasons(text)).toEqual(['not_json']);
  });

  it('may begin with a byte order mark', () => {
    expect(keys(`\ufeff${notification({ events: [{ number: '1' }] })}`)).toEqual(['7/1']);
  });

  it('of one event and two resources is one event, and two events may share a resource', () => {
    expect(keys(example('r4-backport/event-multi-resource'))).toHaveLength(1);
    const events = [
      { number: '1', focus: 'Encounter/2' },
      { number: '2', focus: 'Encounter/2' },
    ];
    expect(readSpec({ events }).map(({ key }) => key)).toEqual(['7/1', '7/2']);
  });

  it('of 4 MB with 10,000 parameters, or deep, is read in linear time', () => {
    const filler = 'x'.repeat(380);
    const others = Array.from({ length: 10_000 }, (_, index) => ({ name: `other-${index}`, valueString: filler }));
    const status = parameters({ events: [{ number: '1' }] });
    const parameter = [...others, ...(status.parameter as [])];
    const started = performance.now();
    const text = JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: { ...status, parameter } }] });
    expect(keys(text)).toEqual(['7/1']);
    const deep = `{"resourceType":"Bundle","entry":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(reasons(deep)).toEqual(['unexpected_notification']);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('of so many events that their copies would fill a store waits whole', () => {
    const events = Array.from({ length: 10_000 }, (_, index) => ({
      number: String(index + 1),
      focus: `Encounter/${'e'.repeat(60)}`,
    }));
    expect(readSpec({ events })).toMatchObject([{ quarantine: 'unexpected_notification' }]);
  });
});

describe('other dialects', () => {
  it('name an event by its Bundle', () => {
    const hapi = example('derived/hapi-r4.event-full-resource');
    expect(keys(hapi, { dialect: 'bundle-id' })).toEqual(['0d6a9a0e-6a6b-4f0b-9d4a-2f6f0d1c1c11']);
    const two = { events: [{ number: '1' }, { number: '1', focus: 'Encounter/1' }] };
    expect(readSpec(two, { dialect: 'bundle-id' }).map(({ key }) => key)).toEqual(['bundle-1/0', 'bundle-1/1']);
  });

  it('name it by the resource in its version, by scheme and path of whatever server', () => {
    const aidbox = example('derived/aidbox-destination.event-full-resource');
    expect(keys(aidbox, { dialect: 'focus-version' })).toEqual([
      'hookgate/POST Patient/p-1/17',
      'hookgate/POST Patient/p-2/18',
    ]);
    const event = { number: '1', focus: 'http://a/R4B/Encounter/2' };
    const more = [
      { fullUrl: 'https://b/R4/Encounter/2', request: { method: 'PUT' }, resource: { meta: { versionId: '3' } } },
    ];
    expect(readSpec({ events: [event], more }, { dialect: 'focus-version' })[0]?.key).toBe('7/PUT Encounter/2/3');
  });

  it.each([
    ['https', 'https://a/R4/Encounter/2', 'http://a/R4B/Encounter/2'],
    ['another server', 'https://a/fhir/Encounter/2', 'https://b/Encounter/2'],
    ['a relative reference', 'Encounter/2', 'https://b/fhir/Encounter/2'],
  ])('match a focus and its entry by type and id: %s', (_what, focus, fullUrl) => {
    const more = [{ fullUrl, request: { method: 'PUT' }, resource: { meta: { versionId: '3' } } }];
    expect(readSpec({ events: [{ focus }], more }, { dialect: 'focus-version' })[0]?.key).toBe('7/PUT Encounter/2/3');
  });

  it('take the time for a version, and nothing for none', () => {
    const options = { dialect: 'focus-version' };
    const event = { focus: 'Encounter/2', time: '2026-03-01T09:00:00Z' };
    expect(readSpec({ events: [event] }, options)[0]?.key).toBe('7/- Encounter/2/2026-03-01T09:00:00.000Z');
    expect(readSpec({ events: [{ focus: 'Encounter/2' }] }, options)[0]?.quarantine).toBe('no_event_id');
  });

  it('take a resource as it is, from a server whose Subscriptions have criteria', () => {
    const text = JSON.stringify({ resourceType: 'Patient', id: '1', meta: { versionId: '2' } });
    expect(read(text, { dialect: 'focus-version' })).toMatchObject([{ key: 'Patient/1/2', type: 'Patient' }]);
    expect(read(text)).toMatchObject([{ quarantine: 'unexpected_notification' }]);
  });

  it('take no id that could be the end of another one’s key', () => {
    const slashed = JSON.stringify({ resourceType: 'Patient', id: '1/2', meta: { versionId: '3' } });
    expect(read(slashed, { dialect: 'focus-version' })).toMatchObject([{ quarantine: 'no_event_id' }]);
    const sound = JSON.stringify({ resourceType: 'Patient', id: '1', meta: { versionId: '2/3' } });
    expect(keys(sound, { dialect: 'focus-version' })).toEqual(['Patient/1/2/3']);
    const hapi = example('derived/hapi-r4.event-full-resource');
    const other = hapi.replace('0d6a9a0e-6a6b-4f0b-9d4a-2f6f0d1c1c11', 'bundle-1/0');
    expect(read(other, { dialect: 'bundle-id' })).toMatchObject([{ quarantine: 'no_event_id' }]);
  });
});
