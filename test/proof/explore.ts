/**
 * A stateless model checker. A scenario is a deterministic program whose every open question (which function goes on, which
 * fault hits, whether time passes) is a choice among numbered moves. A schedule is the list of the numbers chosen. The
 * explorer runs the scenario from its start for every schedule within the bounds, depth first: it repeats the last schedule
 * up to its last choice that has an untried alternative, and takes that.
 *
 * Two schedules that lead to the same state have the same continuations, so a schedule that reaches a known state is not
 * followed further (`pruned`). exploring.thorough.test.ts shows that this changes no verdict.
 */
import { affordable } from './budget.ts';
import type { Bounds, Spent, World } from './budget.ts';
import { hash } from './hash.ts';

export interface Scenario {
  readonly name: string;
  /** The subject of the scenario, in one sentence. */
  readonly about: string;
  readonly bounds: Bounds;
  start(): World;
}

export interface Counterexample {
  readonly broken: string;
  readonly schedule: readonly string[];
}

export interface Exploration {
  readonly scenario: string;
  readonly schedules: number;
  readonly pruned: number;
  readonly states: number;
  readonly milliseconds: number;
  readonly counterexample?: Counterexample;
}

export interface ExploreOptions {
  readonly prune?: boolean;
  /** Told of the final state of every schedule that was followed to its end. */
  readonly onEnd?: (state: string) => void;
}

/** Steps after which a schedule is taken for one that never ends. */
const MAX_STEPS = 400;

/** Every promise that resolves at all has called its callbacks before this one resolves. No time passes. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs every schedule within the bounds, until one breaks a promise. */
export async function explore(
  scenario: Scenario,
  bounds: Bounds = scenario.bounds,
  { prune = true, onEnd }: ExploreOptions = {},
): Promise<Exploration> {
  const started = performance.now();
  const known = new Set<number>();
  const stackTraceLimit = Error.stackTraceLimit;
  // A refused condition is an exception to the AWS client, and nobody reads these stacks.
  Error.stackTraceLimit = 0;
  let schedules = 0;
  let pruned = 0;
  let choices: Choice[] = [];
  let counterexample: Counterexample | undefined;
  try {
    do {
      schedules++;
      const run = await runSchedule(scenario, bounds, choices, prune ? known : undefined);
      choices = run.choices;
      if (run.end === 'pruned') pruned++;
      else if (run.end === 'broken')
        counterexample = { broken: run.broken, schedule: choices.map(({ label }) => label) };
      else onEnd?.(run.state);
      while (choices.length > 0 && (choices.at(-1)?.untried ?? 0) === 0) choices.pop();
    } while (choices.length > 0 && !counterexample);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const milliseconds = Math.round(performance.now() - started);
  const figures = { scenario: scenario.name, schedules, pruned, states: known.size, milliseconds };
  return counterexample ? { ...figures, counterexample } : figures;
}

/** Explores with one fault more at a time, so that the counterexample found has as few as can be. */
export async function exploreForLeast(scenario: Scenario, bounds: Bounds = scenario.bounds): Promise<Exploration> {
  let found = await explore(scenario, { ...bounds, faults: 0 });
  for (let faults = 1; faults <= bounds.faults && !found.counterexample; faults++)
    found = await explore(scenario, { ...bounds, faults });
  return found;
}

interface Choice {
  readonly index: number;
  /** Moves after this one. */
  readonly untried: number;
  readonly label: string;
}

type Run = { readonly choices: Choice[] } & (
  | { readonly end: 'done'; readonly state: string }
  | { readonly end: 'pruned' }
  | { readonly end: 'broken'; readonly broken: string }
);

/** Repeats the choices, the last of them moved on to its next alternative, and goes on with the first move everywhere. */
async function runSchedule(
  scenario: Scenario,
  bounds: Bounds,
  before: readonly Choice[],
  known: Set<number> | undefined,
): Promise<Run> {
  const choices: Choice[] = [];
  const spent: Spent = { faults: 0, delays: 0, switches: 0 };
  let last: number | undefined;
  const world = scenario.start();
  const { simulation } = world;
  for (let step = 0; step < MAX_STEPS; step++) {
    await settled();
    if (simulation.isBroken()) return broken(choices, simulation);
    if (known && step >= before.length) {
      const state = hash(stateOf(world, spent, bounds, last));
      if (known.has(state)) return { choices, end: 'pruned' };
      known.add(state);
    }
    const moves = affordable(world, spent, bounds, last);
    if (moves.length === 0) {
      world.atEnd();
      if (simulation.isBroken()) return broken(choices, simulation);
      return { choices, end: 'done', state: `${simulation.state()}|${world.state()}` };
    }
    const earlier = before[step];
    const index = earlier ? earlier.index + (step === before.length - 1 ? 1 : 0) : 0;
    const next = moves[index];
    if (!next) throw new Error('the scenario is not deterministic');
    choices.push({ index, untried: moves.length - 1 - index, label: next.move.label });
    spent.faults += next.faults;
    spent.delays += next.delays;
    spent.switches += next.switches;
    last = next.move.actor;
    next.move.apply();
  }
  return { choices, end: 'broken', broken: 'it does not come to an end' };
}

const broken = (choices: Choice[], { broken: what = '' }: World['simulation']): Run => ({
  ...{ choices, end: 'broken', broken: what },
});

const stateOf = (world: World, spent: Spent, bounds: Bounds, last: number | undefined): string =>
  [
    `${bounds.faults - spent.faults} ${bounds.delays - spent.delays} ${bounds.switches - spent.switches} ${last}`,
    world.simulation.state(),
    world.state(),
  ].join('|');
