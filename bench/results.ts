import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { machine, versions } from './machine.ts';
import type { Report } from './report.ts';

/** A part's figures, the day on which they were taken, and the load of the machine before and after. */
export interface Taken {
  readonly on: string;
  readonly load: readonly [before: number, after: number];
  readonly figures: Report['figures'];
}

interface Results {
  readonly machine: ReturnType<typeof machine>;
  readonly versions: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, Taken>>;
}

const FILE = new URL('results.json', import.meta.url);

/** Puts parts into results.json, beside those that were taken before on the same machine with the same versions. */
export function keep(parts: Readonly<Record<string, Taken>>): Results {
  const now = { machine: machine(), versions: versions() };
  const before = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results) : undefined;
  const isSame = before && isEqual(before.machine, now.machine) && isEqual(before.versions, now.versions);
  const results = { ...now, parts: { ...(isSame && before.parts), ...parts } };
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 2)}\n`);
  return results;
}

const isEqual = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The machine and the days of the figures, in a sentence or two. */
export function sentence({ machine: on, parts }: Results): string {
  const loads = Object.entries(parts).map(([name, { on: day, load }]) => `${name} on ${day}, load ${load.join(' → ')}`);
  return (
    `Taken on Node ${on.node}, ${on.platform}, ${on.processors} processors (${on.processor}), ${on.memoryGb} GB. ` +
    `Day, and load of the machine before and after: ${loads.join('; ')}.`
  );
}
