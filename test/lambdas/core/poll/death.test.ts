import { describe, expect, it } from '@jest/globals';
import { exclusion, handledIds, ids, optumEvent, setUpPoll, SUBSCRIPTION } from './fixtures.ts';
import type { World } from './fixtures.ts';

/** Every call that a poll makes, counted; after the n-th one nothing has an effect any more, as when the function dies. */
function dyingPorts({ parts }: World, lives: number) {
  let calls = 0;
  const guard = <Arguments extends unknown[], Value>(call: (...given: Arguments) => Promise<Value>) => {
    return async (...given: Arguments): Promise<Value> => {
      if (calls >= lives) throw new Error('dead');
      calls++;
      const value = await call(...given);
      if (calls >= lives) throw new Error('dead');
      return value;
    };
  };
  const guardAll = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? guard(member.bind(target) as () => Promise<unknown>) : member;
      },
    });
  const { ledger, queue, quarantine, cursor, http } = parts;
  const ports = {
    ...{ ledger: guardAll(ledger), queue: guardAll(queue), quarantine: guardAll(quarantine) },
    ...{ cursor: guardAll(cursor), http: guard(http) },
  };
  return { ports, died: () => calls >= lives };
}

describe.each(['optum', 'nvsep'] as const)('a poll of %s that dies', (name) => {
  it('after any call loses nothing and processes nothing twice', async () => {
    let points = 0;
    for (let lives = 0; ; lives++) {
      const world = setUpPoll(name, name === 'nvsep' ? { pageSize: 2 } : {});
      const subscription = world.optum.subscription(SUBSCRIPTION);
      for (const id of ids(5)) {
        if (name === 'optum') world.optum.miss(SUBSCRIPTION, optumEvent(id));
        else world.nvsep.entries.push(exclusion(id));
      }
      world.optum.missRaw(SUBSCRIPTION, { id: 'unreadable', eventPayload: '{' });
      subscription.isOpen = true;

      const { ports, died } = dyingPorts(world, lives);
      await world.run(ports);
      if (!died()) break;
      points++;
      await world.process();
      world.time.now += 300_000;
      expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
      await world.process();

      expect(handledIds(world.handled).sort()).toEqual(ids(5));
      expect([...world.ledger.items.values()].every(({ status }) => status !== 'PENDING')).toBe(true);
      if (name === 'optum') {
        expect(subscription).toMatchObject({ listed: new Map(), isOpen: false });
        // A copy that was sent before the death and after it is the same to whoever looks.
        expect(new Set(world.quarantine.events.map(({ key }) => key)).size).toBe(1);
      }
    }
    expect(points).toBeGreaterThan(15);
  });
});
