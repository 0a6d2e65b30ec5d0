import { describe, expect, it } from '@jest/globals';
import { isLog } from '../../../../lambdas/core/missed-events.ts';
import { providers } from '../../../../lambdas/providers/index.ts';
import { START } from './fixtures.ts';
import { setUpLog } from './log-world.ts';

const WITH_LOG = [...providers.values()].filter(({ missedEvents }) => missedEvents && isLog(missedEvents));

const MINUTE = 60_000;

describe.each(WITH_LOG.map(({ name }) => [name]))('the log of %s', (name) => {
  it('has an outage of 500 events recovered, each once', async () => {
    const { world, log, happen, deliver, recover } = setUpLog(name);
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
    const { world, happen, recover } = setUpLog(name);
    world.time.now = START - 2 * 3_600_000;
    happen('old', false);
    world.time.now = START;
    await recover();
    expect(world.handled).toEqual([]);
  });

  it('is read on by the next poll if it is longer than a poll', async () => {
    const { world, log, happen, recover } = setUpLog(name);
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
    const { world, happen, recover } = setUpLog(name);
    world.time.now += MINUTE;
    happen('a', false);
    happen('b', false);
    const send = (): Promise<void> => Promise.reject(new Error('no queue'));
    await world.run({ queue: { send } });
    await recover();
    expect(world.handled).toHaveLength(2);
  });

  it('is not believed if it is none, or ends in the middle', async () => {
    const { world } = setUpLog(name);
    for (const answer of ['{}', '"text"', '[{"id"', 'null']) {
      const http = () => Promise.resolve({ status: 200, headers: new Map<string, string>(), body: answer });
      expect(await world.run({ http })).toMatchObject({ outcome: 'failed', accepted: 0 });
    }
  });
});
