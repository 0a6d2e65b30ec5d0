/** Something to time: one operation, done again and again. */
export interface Subject {
  readonly name: string;
  /** Does the operation once. If it returns a promise, that is awaited. */
  readonly run: () => unknown;
}

export interface Effort {
  /** Times that each subject has its turn. */
  readonly rounds: number;
  /** Milliseconds of a turn. */
  readonly turnMs: number;
}

/** A median with the quartiles beside it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The subject's times by name: microseconds for one operation, one value a round. */
export type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Times subjects side by side: in each round every subject has one turn, and another one begins each time, so that what
 * else the machine does meets all of them alike.
 */
export async function interleave(subjects: readonly Subject[], { rounds, turnMs }: Effort): Promise<Times> {
  const turns: { subject: Subject; count: number; times: number[] }[] = [];
  for (const subject of subjects) turns.push({ subject, count: await countFor(subject, turnMs), times: [] });
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < turns.length; place++) {
      const turn = turns[(place + round) % turns.length];
      if (turn) turn.times.push(((await repeat(turn.subject, turn.count)) / turn.count) * 1000);
    }
  }
  return new Map(turns.map(({ subject, times }) => [subject.name, times]));
}

/** Milliseconds for which an operation is done before it is timed, so that its code is compiled as well as it will be. */
const WARM_UP_MS = 300;

/** How often an operation fits into a turn. */
async function countFor(subject: Subject, turnMs: number): Promise<number> {
  const started = performance.now();
  let count = 1;
  while (performance.now() - started < WARM_UP_MS) {
    const took = await repeat(subject, count);
    count = Math.max(1, Math.min(2 * count, Math.round((count * turnMs) / Math.max(took, 0.001))));
  }
  return count;
}

/** Milliseconds for so many operations. */
async function repeat({ run }: Subject, count: number): Promise<number> {
  const started = performance.now();
  const first = run();
  if (first instanceof Promise) {
    await first;
    for (let done = 1; done < count; done++) await run();
  } else {
    for (let done = 1; done < count; done++) run();
  }
  return performance.now() - started;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below = Number.NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** How many times as long one took as the other, round by round: what slows a whole round down falls out. */
export const ratio = (times: readonly number[], base: readonly number[]): Spread =>
  spread(times.map((time, round) => time / (base[round] ?? Number.NaN)));

/** The times of a subject that was measured. */
export function timesOf(times: Times, name: string): readonly number[] {
  const found = times.get(name);
  if (!found) throw new Error(`${name} was not measured`);
  return found;
}
