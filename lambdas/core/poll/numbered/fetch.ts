import type { RecoveryPorts } from '../../numbered-events.ts';
import type { Lookup } from './look.ts';
import { safeOf } from './look.ts';
import type { Missing } from './progress.ts';
import { firstOf, numbersIn, partsOf, without } from './ranges.ts';
import type { Range } from './ranges.ts';
import type { NumberingServer } from './server.ts';

export interface Fetching {
  readonly server: NumberingServer;
  readonly subscription: string;
  readonly ports: RecoveryPorts;
  readonly isSafe: Lookup;
  readonly windowSize: bigint;
}

/** The outcome for the numbers that were asked for. */
export interface Fetched {
  readonly missing: readonly Missing[];
  /** False if the server cannot be asked for events. */
  readonly canRecover: boolean;
  /** Numbers of which it has come to light now that the server does not give them. */
  readonly told: number;
}

/**
 * Asks the server for the missing numbers, in windows; and for the rest of a window one by one, since servers limit an answer.
 * Other events in an answer are left alone. Numbers that were asked for and are not in a successful answer are told.
 */
export async function fetchMissing(missing: readonly Missing[], fetching: Fetching): Promise<Fetched> {
  const { ports, windowSize } = fetching;
  const budget = { calls: ports.maxCalls };
  const outcome = new Map<Missing, Missing[]>();
  let canRecover = true;
  let goesOn = true;
  // Numbers that were never asked for come first: the server may never give the rest.
  for (const gap of [...missing].sort((a, b) => Number(a.isTold) - Number(b.isTold))) {
    const left: Missing[] = [];
    for (const part of partsOf(gap, windowSize)) {
      const asked = goesOn ? await askFor(part, fetching, budget) : 'stopped';
      if (typeof asked === 'string') {
        goesOn = false;
        if (asked === 'not_supported') canRecover = false;
        // Numbers that are known to be beyond reach are told; numbers that were not asked for are not.
        left.push({ ...gap, ...part, to: gap.to, isTold: gap.isTold || !canRecover });
        break;
      }
      left.push(...asked.map((range) => ({ ...gap, ...range, isTold: true })));
    }
    outcome.set(gap, left);
  }
  const told = [...outcome].flatMap(([gap, left]) => (gap.isTold ? [] : left.filter(({ isTold }) => isTold)));
  return { missing: joined(missing.flatMap((gap) => outcome.get(gap) ?? [])), canRecover, told: numbersIn(told) };
}

/** Returns the numbers of a window that are still missing; or why nothing more can be asked for in this poll. */
async function askFor(
  window: Range,
  fetching: Fetching,
  budget: { calls: number },
): Promise<readonly Range[] | 'stopped' | 'not_supported'> {
  const first = await ask(window, fetching, budget);
  if (typeof first === 'string') return first;
  let left = first;
  if (window.from === window.to) return left;
  for (const number of left.flatMap((range) => firstOf(range, Number(fetching.windowSize)))) {
    const alone = await ask({ from: number, to: number }, fetching, budget);
    // The window has been answered: the next poll asks again for the numbers that are not asked for one by one.
    if (typeof alone === 'string' || alone.length > 0) break;
    left = left.flatMap((range) => without(range, [number]));
  }
  return left;
}

async function ask(
  { from, to }: Range,
  { server, subscription, ports, isSafe }: Fetching,
  budget: { calls: number },
): Promise<readonly Range[] | 'stopped' | 'not_supported'> {
  if (budget.calls-- <= 0 || ports.isLate()) return 'stopped';
  ports.asked();
  const answer = await server.events(subscription, from, to);
  if (!answer.ok) {
    if (answer.reason === 'not_supported') return 'not_supported';
    ports.fault('events', answer.reason);
    return 'stopped';
  }
  const numbers = firstOf({ from, to }, Number(to - from + 1n));
  const wanted = new Set(numbers.map((number) => server.keyOf(subscription, number)));
  const given = answer.value.filter(({ key }) => wanted.has(key));
  await ports.secure(given.map(({ event }) => event));
  const keys = new Set(given.map(({ key }) => key));
  const claimed = numbers.filter((number) => keys.has(server.keyOf(subscription, number)));
  return without({ from, to }, await safeOf(claimed, isSafe));
}

/** Joins neighbouring ranges that are alike. */
function joined(missing: readonly Missing[]): Missing[] {
  const all: Missing[] = [];
  for (const gap of missing) {
    const last = all.at(-1);
    const isOne = last?.to === gap.from - 1n && last.since === gap.since && last.isTold === gap.isTold;
    if (last && isOne) all[all.length - 1] = { ...last, to: gap.to };
    else all.push(gap);
  }
  return all;
}
