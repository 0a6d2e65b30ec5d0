import type { Move } from './faults.ts';
import type { Simulation } from './simulation.ts';

/** How far to look. */
export interface Bounds {
  /** Faults in one schedule. */
  readonly faults: number;
  /** Times that the clock moves on although something could still be done at that moment. */
  readonly delays: number;
  /** Times that a function is left waiting although it could go on, and another goes on in its place. */
  readonly switches: number;
  /** No fault hits before an operator begins: what comes before is explored by other scenarios. */
  readonly isCalmAtFirst?: boolean;
}

/** One run of a scenario, from its start. */
export interface World {
  readonly simulation: Simulation;
  /** The moves that the surroundings can make next. */
  moves(): readonly Move[];
  /** Moments at which the surroundings can do something, milliseconds since the epoch. */
  times(): readonly number[];
  state(): string;
  /** Checks that what was promised has come true, as nothing more can happen. */
  atEnd(): void;
}

/** The part of the bounds that a schedule has used up. */
export interface Spent {
  faults: number;
  delays: number;
  switches: number;
}

export interface Cost extends Spent {
  readonly move: Move;
}

/** The moves that are possible next within the bounds. Free moves come first, so that every schedule comes to its end. */
export function affordable(world: World, spent: Spent, bounds: Bounds, last: number | undefined): Cost[] {
  const moves = [...world.simulation.moves(), ...world.moves()];
  const running = moves.some(({ actor, faults }) => faults === 0 && actor !== undefined && actor === last);
  const costs: Cost[] = moves.map((move) => ({
    ...{ move, faults: move.faults, delays: 0 },
    switches: running && move.actor !== last ? 1 : 0,
  }));
  const isCalm = bounds.isCalmAtFirst === true && !world.simulation.hasOperator;
  const allowed = isCalm ? 0 : bounds.faults;
  const passing = passTime(world);
  if (passing) {
    const delays = moves.some(({ faults, isOptional }) => faults === 0 && isOptional !== true) ? 1 : 0;
    costs.push({ move: passing, faults: 0, delays, switches: 0 });
  }
  return costs
    .filter(
      ({ faults, delays, switches }) =>
        spent.faults + faults <= allowed &&
        spent.delays + delays <= bounds.delays &&
        spent.switches + switches <= bounds.switches,
    )
    .sort((a, b) => price(a) - price(b));
}

const price = ({ faults, delays, switches }: Cost): number => faults + delays + switches;

/** The clock moves on to the next moment at which something becomes possible. */
function passTime(world: World): Move | undefined {
  const { simulation } = world;
  const next = Math.min(...[...simulation.times(), ...world.times()].filter((moment) => moment > simulation.now));
  if (next === Infinity || !simulation.mayReach(next)) return undefined;
  return {
    label: `time passes: ${(next - simulation.now) / 1000} s`,
    faults: 0,
    apply: () => {
      simulation.now = next;
    },
  };
}
