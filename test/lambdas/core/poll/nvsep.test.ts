import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../lambdas/core/accept.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import { delivered, exclusion, handledIds, ids, setUpPoll, START } from './fixtures.ts';
import type { World } from './fixtures.ts';

describe('a poll of NVSEP', () => {
  const setUp = (options = {}) => setUpPoll('nvsep', { pageSize: 5, ...options });
  const webhook = (id: string, exclusionId: string): string =>
    JSON.stringify({
      ...{ id, type: 'cfs_exclusions.created', createdAt: '2026-03-01T09:29:00Z', version: '1.0' },
      data: exclusion(exclusionId),
    });
  const deliver = (world: World, body: string) =>
    accept(delivered(world, body), { ...world.parts, observer: world.observer });

  it('makes an event of an exclusion like the delivered one', async () => {
    const world = setUp();
    world.nvsep.entries.push(exclusion('x1'));
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', accepted: 1 });
    const [event] = world.queue.events;
    expect(event).toMatchObject({
      via: 'poll',
      type: 'cfs_exclusions.created',
      key: 'exclusion:x1',
      reconcileKey: 'x1',
    });
    expect(JSON.parse(event?.body.toString() ?? '')).toEqual({
      ...{ type: 'cfs_exclusions.created', version: '1.0', createdAt: '2026-03-01T09:29:00.000Z' },
      data: exclusion('x1'),
    });
  });

  it('skips what a delivery made known, by data.id', async () => {
    const world = setUp();
    await deliver(world, webhook('w1', 'x1'));
    await world.process();
    world.nvsep.entries.push(exclusion('x1'), exclusion('x2'));
    expect(await world.run()).toMatchObject({ known: 1, accepted: 1 });
    await world.process();
    expect(world.handled).toHaveLength(2);
  });

  it.each(['the delivery', 'the list'])(
    'processes once what comes both ways at the same time, first by %s',
    async (first) => {
      const world = setUp();
      world.nvsep.entries.push(exclusion('x1'));
      await (first === 'the list' ? world.run() : deliver(world, webhook('w1', 'x1')));
      await (first === 'the list' ? deliver(world, webhook('w1', 'x1')) : world.run());
      expect(world.queue.events).toHaveLength(2);
      await world.process();
      expect(world.handled).toHaveLength(1);
      const copies = [...world.ledger.items.values()].filter(({ copyOf }) => copyOf !== undefined);
      expect(copies).toEqual([
        expect.objectContaining({ status: 'PROCESSED', copyOf: first === 'the list' ? 'exclusion:x1' : 'w1' }),
      ]);
    },
  );

  it('processes two deliveries of one exclusion, be it listed or not', async () => {
    for (const isListed of [false, true]) {
      const world = setUp();
      if (isListed) {
        world.nvsep.entries.push(exclusion('x1'));
        await world.run();
      }
      await deliver(world, webhook('w1', 'x1'));
      await deliver(world, webhook('w2', 'x1'));
      await world.process();
      expect(world.handled).toHaveLength(2);
    }
  });

  it('begins at the deployment, or where it is told to', async () => {
    const entries = [exclusion('old', '2026-03-01T08:29:59Z'), exclusion('new', '2026-03-01T08:30:00Z')];
    const world = setUp();
    world.nvsep.entries.push(...entries);
    expect(await world.run()).toMatchObject({ listed: 2, accepted: 1 });
    const told = setUp({ reconcileFrom: '2019-01-01T00:00:00Z' });
    told.nvsep.entries.push(exclusion('ancient', '2019-01-01T00:00:00Z'), ...entries);
    expect(await told.run()).toMatchObject({ listed: 3, accepted: 3 });
    // Older than the ledger's window, and not a replay: it is in a list that was asked for.
    expect(told.quarantine.events).toEqual([]);
  });

  it('reads on from its cursor: the last page, and the one before it', async () => {
    const world = setUp();
    world.nvsep.entries.push(...ids(12).map((id) => exclusion(id)));
    expect(await world.run()).toMatchObject({ pages: 3, accepted: 12 });
    expect(world.cursor.state?.position).toBe('e1');
    world.requests.length = 0;
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', listed: 10, known: 10, accepted: 0 });
    expect(world.requests).toEqual([
      'GET /nvsep/api/cfs/v1/exclusions?sinceId=e1&limit=5',
      expect.stringMatching(/\?sinceId=e1&after=\w+&limit=5$/),
    ]);
  });

  it('does not skip an exclusion that comes while a page is read, wherever in it', async () => {
    for (let at = 0; at <= 10; at++) {
      const world = setUp();
      world.nvsep.entries.push(...ids(10).map((id) => exclusion(id)));
      let pages = 0;
      world.hooks.onRequest = () => {
        // The first page has been read; an exclusion that comes now may be in it.
        if (++pages === 2) world.nvsep.entries.splice(at, 0, exclusion('late'));
      };
      await world.run();
      await world.run();
      await world.process();
      expect(handledIds(world.handled).sort()).toEqual([...ids(10), 'late'].sort());
    }
  });

  it('leaves the cursor before what is not safe, and goes on behind it', async () => {
    const world = setUp();
    world.nvsep.entries.push(...ids(20).map((id) => exclusion(id)));
    const queue = {
      send: (event: Event) =>
        event.key === 'exclusion:e3' ? Promise.reject(new Error('down')) : world.queue.send(event),
    };
    expect(await world.run({ queue })).toMatchObject({ outcome: 'failed', accepted: 19, failed: 1 });
    expect(world.cursor.state?.position).toBeUndefined();
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', accepted: 1 });
    await world.process();
    expect(world.handled).toHaveLength(20);
  });

  it('puts aside what has no id, and counts it', async () => {
    const world = setUp();
    world.nvsep.entries.push({ createdAt: 'x' }, 7, exclusion('x1'), exclusion('x2', 'yesterday'));
    expect(await world.run()).toMatchObject({
      ...{ outcome: 'succeeded', accepted: 2, quarantined: 2 },
      malformed: { entry_without_id: 1, entry_not_object: 1 },
    });
    expect(await world.run()).toMatchObject({ known: 4, quarantined: 0 });
  });

  it('reads from the beginning where its place is gone, and processes nothing again', async () => {
    const world = setUp();
    world.nvsep.entries.push(...ids(12).map((id) => exclusion(id)));
    await world.run();
    await world.process();
    world.nvsep.entries.splice(1, 1);
    const report = await world.run();
    expect(report).toMatchObject({ faults: ['list_unknown_position'], known: 11, accepted: 0 });
    expect(world.cursor.state?.position).toBe('e0');
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', known: 10 });
    expect(world.handled).toHaveLength(12);
  });

  it('does not move its cursor along a list that runs backwards', async () => {
    const world = setUp();
    world.nvsep.entries.push(
      ...ids(12).map((id, index) => exclusion(id, new Date(START + (12 - index) * 3_600_000).toISOString())),
    );
    expect(await world.run()).toMatchObject({ faults: ['list_unexpected_order'], accepted: 12 });
    expect(world.cursor.state?.position).toBeUndefined();
  });

  it('ends a list that repeats itself for ever', async () => {
    const world = setUp();
    world.nvsep.repeats = true;
    world.nvsep.entries.push(exclusion('x1'));
    expect(await world.run()).toMatchObject({ faults: ['list_repeated_page'], accepted: 1 });
  });
});
