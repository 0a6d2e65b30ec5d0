import { setTimeout as sleep } from 'node:timers/promises';
import { LOCAL_SECRET, newBody, routeOf, sign } from '../gateway/deliveries.ts';
import { startGateway, startProcess } from '../gateway/process.ts';
import { spread } from '../measure.ts';
import type { Spread } from '../measure.ts';
import { show } from '../report.ts';
import type { Report } from '../report.ts';
import { fixedRate, fullSpeed, hangUp, post } from './load.ts';
import type { Outcome } from './load.ts';

export interface Duration {
  readonly rounds: number;
  /** Seconds of one measurement. */
  readonly seconds: number;
}

interface Target {
  readonly name: string;
  readonly url: string;
  /** Resolves when nothing of an earlier load is left to do. */
  readonly settled: () => Promise<void>;
}

interface Measurement {
  readonly name: string;
  readonly run: (url: string, seconds: number) => Promise<Outcome>;
}

/** Requests a second. */
const RATES = [10, 25, 50];
/** Requests that are under way at full speed. */
const AT_ONCE = 4;

const accepted = (url: string) => () => sign(url, newBody(), LOCAL_SECRET);
const forged = (url: string) => () => sign(url, newBody(), 'another secret');

const MEASUREMENTS: readonly Measurement[] = [
  ...RATES.map((rate) => ({
    name: `new events at ${rate}/s`,
    run: (url: string, seconds: number) => fixedRate(rate, { seconds, expected: 200, next: accepted(url) }),
  })),
  {
    name: 'new events, full speed',
    run: (url, seconds) => fullSpeed(AT_ONCE, { seconds, expected: 200, next: accepted(url) }),
  },
  {
    name: 'duplicates, full speed',
    run: async (url, seconds) => {
      const delivery = sign(url, newBody(), LOCAL_SECRET);
      // Two first deliveries at once are both queued, and one of the two copies waits for the other's lease to end.
      await post(delivery);
      return fullSpeed(AT_ONCE, { seconds, expected: 200, next: () => delivery });
    },
  },
  {
    name: 'forged, full speed',
    run: (url, seconds) => fullSpeed(AT_ONCE, { seconds, expected: 401, next: forged(url) }),
  },
];

/** The local gateway and the Express receiver under the same loads, one after the other in each round. */
export async function measureEndToEnd({ rounds, seconds }: Duration): Promise<Report> {
  const gateway = await startGateway();
  const express = await startProcess<{ readonly url: string }>(new URL('../express/main.ts', import.meta.url));
  try {
    const targets: Target[] = [
      { name: 'local gateway', url: routeOf(gateway.addresses.url), settled: () => drained(gateway.addresses.url) },
      { name: 'Express receiver', url: express.addresses.url, settled: () => Promise.resolve() },
    ];
    for (const { url } of targets) await fullSpeed(AT_ONCE, { seconds: 1, expected: 200, next: accepted(url) });
    const figures = [];
    for (const measurement of MEASUREMENTS) figures.push(...(await measure(measurement, targets, { rounds, seconds })));
    return { figures, tables: [table(figures)] };
  } finally {
    hangUp();
    await Promise.all([gateway.stop(), express.stop()]);
  }
}

interface Figure {
  readonly name: string;
  readonly target: string;
  readonly perSecond: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  readonly others: number;
}

async function measure({ name, run }: Measurement, targets: readonly Target[], { rounds, seconds }: Duration) {
  const outcomes = new Map<string, Outcome[]>(targets.map((target) => [target.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      outcomes.get(target.name)?.push(await run(target.url, seconds));
      await target.settled();
    }
  }
  return [...outcomes].map(([target, all]): Figure => {
    const at = (share: number): Spread =>
      spread(
        all.map(
          ({ milliseconds }) =>
            milliseconds.toSorted((a, b) => a - b)[Math.ceil(share * milliseconds.length) - 1] ?? NaN,
        ),
      );
    const others = all.reduce((sum, outcome) => sum + outcome.others, 0);
    return { name, target, perSecond: spread(all.map((each) => each.perSecond)), p50: at(0.5), p99: at(0.99), others };
  });
}

const DRAIN_MS = 30_000;

/** Waits until the processor has done what a load left in the queue. */
async function drained(url: string): Promise<void> {
  const until = performance.now() + DRAIN_MS;
  while (performance.now() < until) {
    const { sources } = (await (await fetch(`${url}/_local/queues`)).json()) as {
      readonly sources: Readonly<Record<string, { readonly visible: number; readonly inFlight: number }>>;
    };
    if (sources.osigu?.visible === 0 && sources.osigu.inFlight === 0) return;
    await sleep(200);
  }
  throw new Error('the queue was not emptied');
}

const table = (figures: readonly Figure[]): Report['tables'][number] => ({
  id: 'end-to-end',
  title: 'End to end on this machine: requests a second, and milliseconds to the answer',
  columns: ['load', '', 'answered a second', 'p50 ms', 'p99 ms', 'other answers'],
  rows: figures.map(({ name, target, perSecond, p50, p99, others }) => [
    ...[name, target, show(perSecond, 1), show(p50, 1), show(p99, 1), String(others)],
  ]),
});
