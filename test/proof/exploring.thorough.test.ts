import { describe, expect, it } from '@jest/globals';
import { explore, exploreForLeast } from './explore.ts';
import type { Bounds, World } from './budget.ts';
import type { Scenario } from './explore.ts';
import { loadProduct } from './product.ts';
import { scenarios } from './scenarios.ts';
import { Simulation } from './simulation.ts';
import type { Fault } from './faults.ts';

const bounds = (faults: number, switches = Infinity): Bounds => ({ faults, delays: 0, switches });

/** Two functions that count to two in a shared number, each by reading it and writing it back. */
function counter(onEnd: (count: number, world: World) => void, faults: readonly Fault[] = []): Scenario {
  return {
    ...{ name: 'counter', about: 'a lost update', bounds: bounds(0) },
    start() {
      const simulation = new Simulation(0);
      let count = 0;
      let done = 0;
      for (const name of ['a', 'b'])
        simulation.spawn(
          name,
          1000,
          async (call) => {
            const seen = await call('read', () => count, { faults: [] });
            await call('write', () => (count = seen + 1), { faults });
          },
          () => done++,
        );
      const world: World = {
        simulation,
        moves: () => [],
        times: () => [],
        state: () => `${count} ${done}`,
        atEnd: () => onEnd(count, world),
      };
      return world;
    },
  };
}

describe('the explorer', () => {
  it('runs every interleaving: the four steps of two functions have six', async () => {
    const counts: number[] = [];
    const found = await explore(
      counter((count) => counts.push(count)),
      bounds(0),
      { prune: false },
    );
    expect(found).toMatchObject({ schedules: 6, pruned: 0 });
    expect(counts.sort()).toEqual([1, 1, 1, 1, 2, 2]);
  });

  it('keeps to its bound of switches', async () => {
    const found = await explore(
      counter(() => undefined),
      bounds(0, 0),
      { prune: false },
    );
    expect(found.schedules).toBe(2);
  });

  it.each<{ fault: Fault; expected: readonly number[] }>([
    { fault: 'crash before', expected: [0, 1, 2] },
    { fault: 'crash after', expected: [1, 2] },
    { fault: 'error before', expected: [0, 1, 2] },
    { fault: 'error after', expected: [1, 2] },
    { fault: 'slow', expected: [1, 2] },
    { fault: 'again', expected: [1, 2] },
  ])('takes effect, or not, as the fault says: $fault', async ({ fault, expected }) => {
    const counts = new Set<number>();
    await explore(
      counter((count) => counts.add(count), [fault]),
      bounds(2),
    );
    expect([...counts].sort()).toEqual(expected);
  });

  it.each([
    { hasOperator: false, expected: [1, 2] },
    { hasOperator: true, expected: [0, 1, 2] },
  ])(
    'has no fault hit before an operator begins, where it is to be calm: $hasOperator',
    async ({ hasOperator, expected }) => {
      const counts = new Set<number>();
      const scenario = counter((count) => counts.add(count), ['crash before']);
      const start = (): World => {
        const world = scenario.start();
        world.simulation.hasOperator = hasOperator;
        return world;
      };
      await explore({ ...scenario, start }, { ...bounds(2), isCalmAtFirst: true });
      expect([...counts].sort()).toEqual(expected);
    },
  );

  it('finds the lost update, and says by which schedule', async () => {
    const scenario = counter((count, { simulation }) => simulation.promise(count === 2, () => `counted ${count}`));
    const found = await exploreForLeast(scenario, bounds(1));
    expect(found.counterexample).toEqual({
      broken: 'counted 1',
      schedule: ['a: read', 'b: read', 'b: write', 'a: write'],
    });
  });

  it('takes a promise that is broken on the way for broken, whoever catches what', async () => {
    const scenario: Scenario = {
      ...counter(() => undefined),
      start() {
        const world = counter(() => undefined).start();
        const { simulation } = world;
        simulation.spawn(
          'c',
          1000,
          (call) => call('break', () => simulation.promise(false, () => 'broken')),
          () => 0,
        );
        return world;
      },
    };
    expect(await explore(scenario, bounds(0))).toMatchObject({ counterexample: { broken: 'broken' } });
  });
});

describe('leaving out what is known', () => {
  const product = loadProduct(process.cwd());

  it.each([
    ['one delivery', { faults: 1, delays: 0, switches: 0 }],
    ['two at the door', { faults: 0, delays: 0, switches: Infinity }],
    ['quarantine', { faults: 1, delays: 0, switches: 0 }],
    ['release or drop', { faults: 1, delays: 0, switches: 0, isCalmAtFirst: true }],
    ['two orders', { faults: 0, delays: 0, switches: 0 }],
  ])(
    'reaches the same ends: %s',
    async (name, limits) => {
      const scenario = scenarios(await product).find((candidate) => candidate.name === name);
      if (!scenario) throw new Error(`no scenario "${name}"`);
      const ends = async (prune: boolean): Promise<Set<string>> => {
        const states = new Set<string>();
        await explore(scenario, limits, { prune, onEnd: (state) => states.add(state) });
        return states;
      };
      const [pruned, full] = [await ends(true), await ends(false)];
      expect(pruned).toEqual(full);
      expect(full.size).toBeGreaterThan(1);
    },
    60_000,
  );
});
