import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../lambdas/core/accept.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import { isObject } from '../../../../lambdas/core/json.ts';
import { decodeMessage, encodeMessage } from '../../../../lambdas/core/message.ts';
import { attemptFieldsOf, identityOf } from '../../../../lambdas/core/provider.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import { batchesOf, eventsOfBatch } from '../../../../lambdas/core/receive/batch-message.ts';
import { identifyAll } from '../../../../lambdas/core/receive/identify.ts';
import { GENERIC_OPTIONS } from '../../../../lambdas/providers/generic-options.ts';
import { providerNamed } from '../../../../lambdas/providers/index.ts';
import { makeEvent, MemoryLedger, MemoryQueue, recordingObserver } from '../in-memory.ts';
import { defaultOptions, sampled, signed, sourceOf, verified } from '../../providers/deliveries.ts';
import { underTest } from '../../providers/subjects.ts';

const setUp = () => ({
  ...{ ledger: new MemoryLedger(() => 0), queue: new MemoryQueue(), quarantine: new MemoryQueue() },
  observer: recordingObserver(),
});

/** The events of a body that the provider has signed; an id that is in a header is the sample's each time. */
const eventsOf = (provider: Provider, body: unknown, headers = sampled(provider).headers) =>
  identifyAll(verified(signed(provider, JSON.stringify(body), { headers })), sourceOf(provider));

const eventOf = (...input: Parameters<typeof eventsOf>): Event => eventsOf(...input)[0] ?? makeEvent();

/** The body with another value at the end of a path; of a body that is a list, in its first element. */
function changed(body: unknown, path: string, value: unknown): unknown {
  if (Array.isArray(body)) return [changed(body[0], path, value), ...(body.slice(1) as unknown[])];
  const [first = '', ...rest] = path.split('.');
  const object = isObject(body) ? body : {};
  return { ...object, [first]: rest.length === 0 ? value : changed(object[first], rest.join('.'), value) };
}

const fieldsOf = (provider: Provider) => attemptFieldsOf(provider, sourceOf(provider).options);
const counting = [...underTest].filter(([, provider]) => fieldsOf(provider).length > 0);

it('there are providers that count their attempts in the body', () => {
  expect(counting.map(([name]) => name)).toEqual(expect.arrayContaining(['docusign', 'hubspot', 'telnyx']));
});

describe.each(counting)('an event of %s that is sent again', (_name, provider) => {
  const body: unknown = JSON.parse(sampled(provider).body.toString());
  const again = fieldsOf(provider).reduce<unknown>((of, path) => changed(of, path, 7), body);

  it('differs from the first in its body, and is a duplicate of it', async () => {
    const ports = setUp();
    const [first, second] = [eventOf(provider, body), eventOf(provider, again)];
    expect(second.bodyHash).not.toBe(first.bodyHash);
    expect(await accept(first, ports)).toBe('accepted');
    expect(await accept(second, ports)).toBe('duplicate');
    expect(ports.quarantine.events).toEqual([]);
  });

  it('is a conflict if something else differs, and one alone, however often that is sent', async () => {
    const ports = setUp();
    const other = changed(body, 'another', 'body');
    await accept(eventOf(provider, body), ports);
    // An event without an id is known by the rest of its body, so that another rest is another event.
    const hasId = identityOf(provider, defaultOptions(provider)) !== 'none';
    expect(await accept(eventOf(provider, other), ports)).toBe(hasId ? 'conflict' : 'accepted');
    const [path = ''] = fieldsOf(provider);
    expect(await accept(eventOf(provider, changed(other, path, 9)), ports)).toBe('duplicate');
    expect(ports.quarantine.events).toHaveLength(hasId ? 1 : 0);
  });

  it('is known behind the queue too', () => {
    const [event] = eventsOf(provider, again);
    const text = batchesOf(event ? [event] : [], event?.body ?? Buffer.alloc(0)).map(encodeMessage);
    const batch = decodeMessage(text[0] ?? '');
    const [part] = batch.ok && Buffer.isBuffer(batch.value.body) ? eventsOfBatch(batch.value as Event) : [];
    expect(part?.fingerprint).toMatch(/^[\da-f]{64}$/);
    expect(part?.fingerprint).toBe(event?.fingerprint);
  });
});

describe('a captured delivery under an id that is not signed', () => {
  const provider: Provider = { ...providerNamed('linear'), attemptFields: ['attempt', 'meta.attempt'] };
  const event = (id: string, attempt: number, note = '') =>
    eventOf(provider, { attempt, note, meta: { attempt } }, { 'linear-delivery': id });

  it('is no new event, whatever attempt it was', async () => {
    const ports = setUp();
    expect(await accept(event('one', 1), ports)).toBe('accepted');
    expect(await accept(event('two', 2), ports)).toBe('duplicate');
    expect(await accept(event('three', 3, 'another'), ports)).toBe('accepted');
    expect(ports.queue.events.map(({ key }) => key)).toEqual(['one', 'three']);
  });
});

describe('an event of generic whose sender counts its attempts', () => {
  const generic = providerNamed('generic');
  const event = (attemptFields: string | undefined, attempt: number, note = '') => {
    const body = JSON.stringify({ id: '1', type: 't', attempt, meta: { sentAt: attempt }, note });
    const [made] = identifyAll(verified(signed(generic, body)), sourceOf(generic, { attemptFields }));
    return made ?? makeEvent();
  };
  const outcomes = async (attemptFields: string | undefined) => {
    const ports = setUp();
    const events = [event(attemptFields, 1), event(attemptFields, 2), event(attemptFields, 3, 'another')];
    const all: string[] = [];
    for (const each of events) all.push(await accept(each, ports));
    return all;
  };

  it('is a duplicate if the options name the fields, and a conflict if anything else differs', async () => {
    for (const fields of ['attempt,meta.sentAt', 'attempt, meta'])
      expect(await outcomes(fields)).toEqual(['accepted', 'duplicate', 'conflict']);
    for (const fields of [undefined, 'attempt', 'none'])
      expect((await outcomes(fields)).slice(0, 2)).toEqual(['accepted', 'conflict']);
  });

  it('has its fields stated as paths with commas between them', () => {
    const { pattern } = GENERIC_OPTIONS.attemptFields;
    for (const text of ['attempt', 'a.b-c,d_e', 'a, b.c']) expect(pattern.test(text)).toBe(true);
    for (const text of ['', 'a,', ',a', 'a b', 'a..b', 'a,,b', 'a;b']) expect(pattern.test(text)).toBe(false);
  });
});

describe('what is the same in each attempt', () => {
  const provider: Provider = { ...providerNamed('elation'), attemptFields: ['a', 'b.c'] };
  const hashOf = (text: string) => identifyAll(verified(signed(provider, text)), sourceOf(provider))[0]?.fingerprint;

  it('is every byte but the values, in whatever order and white space', () => {
    const hash = hashOf('{"event_id":1,"a":1,"b":{"c":[1,{"c":2}]},"d":1}');
    expect(hashOf('{"event_id":1,"a":"x\\"}","b":{"c":null},"d":1}')).toBe(hash);
    expect(hashOf('{"event_id":1,"a":1,"b":{"c":1},"d":2}')).not.toBe(hash);
    expect(hashOf('{"event_id":1,"a":1,"b":{"c":1}, "d":1}')).not.toBe(hash);
    expect(hashOf('{"event_id":1,"b":{"c":3},"a":2,"d":1}')).toBe(hashOf('{"event_id":1,"b":{"c":1},"a":1,"d":1}'));
  });

  it('is without a value once if one of the fields is inside another', () => {
    const nested: Provider = { ...provider, attemptFields: ['b.c', 'b'] };
    const outer: Provider = { ...provider, attemptFields: ['b'] };
    const [one, other] = [nested, outer].map((each) => eventOf(each, { event_id: '1', b: { c: 1, d: 2 }, e: 1 }));
    expect(one?.fingerprint).toBe(other?.fingerprint);
  });

  it('is the whole body if it has none of the fields, or has no id', () => {
    expect(hashOf('{"event_id":1,"b":[1],"d":1}')).toBeUndefined();
    expect(hashOf('{"a":1}')).toBeUndefined();
    expect(hashOf('[{"a":1}]')).toBeUndefined();
    expect(hashOf('{"event_id":1,"a":')).toBeUndefined();
  });
});
