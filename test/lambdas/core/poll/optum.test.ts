import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../lambdas/core/accept.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import { delivered, handledIds, ids, optumEvent, setUpPoll, SUBSCRIPTION } from './fixtures.ts';
import type { World } from './fixtures.ts';

describe('a poll of Optum', () => {
  const setUp = () => {
    const world = setUpPoll('optum');
    return { ...world, subscription: world.optum.subscription(SUBSCRIPTION) };
  };
  const miss = ({ optum }: World, events: readonly string[]): void =>
    events.forEach((event) => void optum.miss(SUBSCRIPTION, event));

  it('gets every missed event, acknowledges it, and reopens the circuit', async () => {
    const world = setUp();
    miss(
      world,
      ids(25).map((id) => optumEvent(id)),
    );
    expect(await world.run()).toMatchObject({
      ...{ outcome: 'succeeded', listed: 25, accepted: 25, acknowledged: 25, reopened: true, left: 0 },
      oldestSeconds: 1800,
    });
    await world.process();
    expect(handledIds(world.handled)).toEqual(ids(25));
    expect(world.subscription).toMatchObject({ reopened: 1, listed: new Map() });
    expect(world.observer.seen.filter((line) => line === 'recovered')).toHaveLength(25);
  });

  it('finds nothing the second time, and reopens nothing', async () => {
    const world = setUp();
    miss(world, [optumEvent('a')]);
    await world.run();
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', listed: 0, reopened: false });
    expect(world.subscription.reopened).toBe(1);
  });

  it('hands on the exact text of the payload, under the key of its delivery', async () => {
    const world = setUp();
    const text = `{ "type":"t" ,"id":"1", "causationId": 2,"time":"2026-03-01T09:00:00Z" , "amount": 1.10 }`;
    miss(world, [text]);
    await world.run();
    const [event] = world.queue.events;
    expect(event).toMatchObject({ via: 'poll', type: 't', key: delivered(world, text).key });
    expect(event?.body.toString()).toBe(text);
  });

  it('follows the pages to the end before it acknowledges, for that moves them', async () => {
    const world = setUp();
    world.optum.pageSize = 4;
    miss(
      world,
      ids(10).map((id) => optumEvent(id)),
    );
    expect(await world.run()).toMatchObject({ pages: 3, accepted: 10, acknowledged: 10 });
  });

  it('processes an event once that was delivered too, however its list writes it', async () => {
    const world = setUp();
    const body = optumEvent('a');
    await accept(delivered(world, body), { ...world.parts, observer: world.observer });
    const rewritten = JSON.stringify(JSON.parse(body), null, 2);
    miss(world, [rewritten]);
    expect(await world.run()).toMatchObject({ known: 1, accepted: 0, quarantined: 0, acknowledged: 1 });
    await world.process();
    expect(world.handled).toEqual([body]);
  });

  it('takes no delivery for a conflict whose event was listed before, in other bytes', async () => {
    const world = setUp();
    const body = optumEvent('a');
    miss(world, [JSON.stringify(JSON.parse(body), null, 2)]);
    await world.run();
    expect(await accept(delivered(world, body), { ...world.parts, observer: world.observer })).toBe('duplicate');
    expect(world.quarantine.events).toEqual([]);
  });

  it('enqueues what a delivery left pending', async () => {
    const world = setUp();
    await world.ledger.claim(delivered(world, optumEvent('a')));
    miss(world, [optumEvent('a')]);
    expect(await world.run()).toMatchObject({ accepted: 1, acknowledged: 1 });
    await world.process();
    expect(world.handled).toHaveLength(1);
  });

  it('acknowledges what cannot be read only from quarantine, and lets it stop nothing', async () => {
    const world = setUp();
    const raw = (entry: unknown): void => world.optum.missRaw(SUBSCRIPTION, entry);
    raw({ id: 'm1', eventPayload: '{"type":' });
    raw({ id: 'm2', eventPayload: { type: 't' } });
    raw({ id: 'm3' });
    raw('text');
    raw(null);
    raw({ id: 'm4', eventPayload: '{"id":"x"}' });
    raw({ id: { nested: 1 }, eventPayload: optumEvent('no-entry-id') });
    miss(world, [optumEvent('good')]);
    const report = await world.run();
    expect(report).toMatchObject({ outcome: 'succeeded', listed: 8, accepted: 2, quarantined: 6, acknowledged: 5 });
    expect(report.malformed).toEqual({
      payload_not_json: 1,
      payload_not_text: 1,
      payload_missing: 1,
      entry_not_object: 2,
      entry_without_id: 1,
    });
    expect(world.quarantine.events.map(({ quarantine }) => quarantine)).toEqual([
      ...Array.from({ length: 5 }, () => 'unreadable_missed_event'),
      'no_event_type',
    ]);
    // An entry without an id cannot be acknowledged: it stays in the list, and is known from then on.
    const again = await world.run();
    expect(again).toMatchObject({ listed: 3, known: 3, accepted: 0, quarantined: 0, reopened: false });
    expect(world.quarantine.events).toHaveLength(6);
  });

  it('leaves unacknowledged what it could not make safe, and does not reopen', async () => {
    const world = setUp();
    miss(
      world,
      ids(3).map((id) => optumEvent(id)),
    );
    const queue = {
      send: (event: Event) =>
        event.body.includes('"e1"') ? Promise.reject(new RangeError('x')) : world.queue.send(event),
    };
    expect(await world.run({ queue })).toMatchObject({
      ...{ outcome: 'failed', accepted: 2, failed: 1, acknowledged: 2, reopened: false, faults: ['accept_RangeError'] },
    });
    expect(world.subscription.listed.size).toBe(1);
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', accepted: 1, acknowledged: 1, reopened: true });
    await world.process();
    expect(handledIds(world.handled)).toEqual(['e0', 'e2', 'e1']);
  });

  it('gives up for this time where nothing goes', async () => {
    const world = setUp();
    miss(
      world,
      ids(40).map((id) => optumEvent(id)),
    );
    let sends = 0;
    const queue = { send: () => Promise.reject(new Error(String(++sends))) };
    expect(await world.run({ queue })).toMatchObject({ outcome: 'failed', failed: 10, left: 30, acknowledged: 0 });
    expect(sends).toBe(10);
  });

  it('reopens a circuit that is open though nothing was missed', async () => {
    const world = setUp();
    world.subscription.isOpen = true;
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', reopened: true });
    expect(world.subscription.isOpen).toBe(false);
  });

  it('stops at its bounds, says so, and goes on at the next poll', async () => {
    const world = setUp();
    world.optum.pageSize = 10;
    miss(
      world,
      ids(45).map((id) => optumEvent(id)),
    );
    expect(await world.run({}, { maxEvents: 20 })).toMatchObject({ accepted: 20, acknowledged: 20, left: 1 });
    expect(await world.run({}, { maxPages: 1 })).toMatchObject({ accepted: 10, left: 1 });
    expect(await world.run({}, { reserveMs: 100_000 })).toMatchObject({ accepted: 0, left: 1, pages: 0 });
    expect(await world.run()).toMatchObject({ accepted: 15, left: 0 });
    await world.process();
    expect(new Set(handledIds(world.handled)).size).toBe(45);
  });
});
