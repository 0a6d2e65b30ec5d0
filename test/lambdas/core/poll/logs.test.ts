import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../lambdas/core/accept.ts';
import { identify } from '../../../../lambdas/core/receive/identify.ts';
import { isLog } from '../../../../lambdas/core/missed-events.ts';
import { providers } from '../../../../lambdas/providers/index.ts';
import type { FakeDelivery } from '../../../../local/fake-providers/logs/log.ts';
import { sampled, signed, verified } from '../../providers/deliveries.ts';
import { setUpPoll, START } from './fixtures.ts';
import type { World } from './fixtures.ts';

const WITH_LOG = [...providers.values()].filter(({ missedEvents }) => missedEvents && isLog(missedEvents));

const MINUTE = 60_000;

/** A gateway beside the stand-in for a provider's log. */
function setUp(name: string) {
  const world = setUpPoll(name);
  const log = world.logs[name];
  if (!log) throw new Error(`there is no stand-in for the log of ${name}`);
  const { provider } = world.source;

  /** Something happens at the provider, which logs it and may deliver it. */
  const happen = (id: string, delivered: boolean): FakeDelivery => {
    const at = new Date(world.time.now);
    const { body } = sampled(provider, { id, now: at });
    const delivery = { id: idOf(world, id), type: 'sample', at, body: body.toString(), delivered };
    log.deliveries.push(delivery);
    return delivery;
  };
  /** A delivery comes to the front door. */
  const deliver = async (id: string): Promise<void> => {
    const now = new Date(world.time.now);
    const { body, headers } = sampled(provider, { id, now: new Date(timeOf(world, id)) });
    const event = identify(verified(signed(provider, body, { headers, now }), now), world.source);
    await accept(event, { ...world.parts, observer: world.observer });
  };
  const names = new Map<string, string>();
  const times = new Map<string, number>();
  const idOf = (_world: World, id: string): string => {
    const { body, headers } = sampled(provider, { id, now: new Date(world.time.now) });
    const event = identify(
      verified(signed(provider, body, { headers, now: new Date(world.time.now) }), new Date(world.time.now)),
      world.source,
    );
    names.set(event.key, id);
    times.set(id, world.time.now);
    return event.key;
  };
  const timeOf = (_world: World, id: string): number => times.get(id) ?? world.time.now;
  const resent: string[] = [];
  log.onResend = ({ id }) => void resent.push(names.get(id) ?? id);

  /** Polls until the cursor has passed everything, with what was asked for coming in between. */
  const recover = async (): Promise<void> => {
    for (let polls = 0; polls < 30; polls++) {
      world.time.now += 5 * MINUTE;
      const report = await world.run();
      for (const id of resent.splice(0)) await deliver(id);
      await world.process();
      if (report.outcome === 'succeeded' && report.accepted + report.asked + report.left === 0) return;
    }
    throw new Error('the polls came to no end');
  };
  return { world, log, happen, deliver, recover };
}

describe.each(WITH_LOG.map(({ name }) => [name]))('the log of %s', (name) => {
  it('has an outage of 500 events recovered, each once', async () => {
    const { world, log, happen, deliver, recover } = setUp(name);
    log.pageSize = 40;
    for (let event = 0; event < 560; event++) {
      world.time.now += 2000;
      const isOutage = event >= 30 && event < 530;
      happen(`event-${event}`, !isOutage);
      if (!isOutage) await deliver(`event-${event}`);
    }
    // One event of the outage has come after all, and the log does not say so.
    await deliver('event-77');
    await world.process();
    await recover();
    expect(new Set(world.handled).size).toBe(560);
    expect(world.handled).toHaveLength(560);
    expect(world.quarantine.events).toEqual([]);
    await recover();
    expect(world.handled).toHaveLength(560);
  });

  it('fetches nothing from before the deployment', async () => {
    const { world, happen, recover } = setUp(name);
    world.time.now = START - 2 * 3_600_000;
    happen('old', false);
    world.time.now = START;
    await recover();
    expect(world.handled).toEqual([]);
  });

  it('is read on by the next poll if it is longer than a poll', async () => {
    const { world, log, happen, recover } = setUp(name);
    log.pageSize = 3;
    for (let event = 0; event < 40; event++) {
      world.time.now += 1000;
      happen(`event-${event}`, false);
    }
    expect(await world.run({}, { maxPages: 2 })).toMatchObject({ pages: 2, listed: 6 });
    expect(await world.run({}, { maxPages: 2 })).toMatchObject({ pages: 2, listed: 6 });
    await recover();
    expect(new Set(world.handled).size).toBe(40);
    expect(world.handled).toHaveLength(40);
  });

  it('is read again if an event was not made safe', async () => {
    const { world, happen, recover } = setUp(name);
    world.time.now += MINUTE;
    happen('a', false);
    happen('b', false);
    const send = (): Promise<void> => Promise.reject(new Error('no queue'));
    await world.run({ queue: { send } });
    await recover();
    expect(world.handled).toHaveLength(2);
  });

  it('is not believed if it is none, or ends in the middle', async () => {
    const { world } = setUp(name);
    for (const answer of ['{}', '"text"', '[{"id"', 'null']) {
      const http = () => Promise.resolve({ status: 200, headers: new Map<string, string>(), body: answer });
      expect(await world.run({ http })).toMatchObject({ outcome: 'failed', accepted: 0 });
    }
  });
});
