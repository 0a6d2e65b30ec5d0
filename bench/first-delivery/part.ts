import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemeOf } from '../../lambdas/core/provider.ts';
import { providerNamed } from '../../lambdas/providers/index.ts';
import { ratio, spread } from '../measure.ts';
import { judged, number, show } from '../report.ts';
import type { FigureTable, Report } from '../report.ts';
import { benchSource } from '../sources.ts';
import { representatives } from '../verification/providers.ts';
import { bareBundle, verifierBundle } from './bundles.ts';
import { prepare } from './deliveries.ts';
import type { PreparedDelivery } from './deliveries.ts';

const RUN = fileURLToPath(new URL('run.js', import.meta.url));
const SIZES_KB = [1, 10];
const DELIVERIES = ['first', 'tenth', 'hundredth'] as const;
/** The most that a delivery may take, in times of the bare handler's. */
const GOAL = 1.3;

/** The first, tenth and hundredth delivery of a fresh process, beside those of a handler that makes the same calls. */
export async function measureFirstDeliveries({
  rounds,
  names = kinds(),
}: {
  readonly rounds: number;
  readonly names?: readonly string[];
}): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-bench-'));
  try {
    const bare = bareBundle(directory);
    const figures = names.flatMap((name) => {
      const own = verifierBundle(directory, providerNamed(name));
      return SIZES_KB.flatMap((kilobytes) => pairsOf(name, kilobytes, { own, bare, directory }, rounds));
    });
    return await Promise.resolve({ figures, tables: [table(figures)] });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Bundles {
  readonly own: string;
  readonly bare: string;
  readonly directory: string;
}

/** A provider of each kind of scheme. How a signature is written, in hex or base64, makes no kind here: it is a few microseconds. */
function kinds(): string[] {
  const all = new Map<string, string>();
  for (const name of representatives()) {
    const { provider, options } = benchSource(name);
    const [kind = ''] = schemeOf(provider, options).title.split(', ');
    if (!all.has(kind)) all.set(kind, name);
  }
  return [...all.values()];
}

/** The elapsed milliseconds and those of the processor, per delivery that is looked at. */
type Times = readonly (readonly [elapsed: number, processor: number])[];

/** Fresh processes in pairs: whichever of the two is first changes. */
function pairsOf(name: string, kilobytes: number, { own, bare, directory }: Bundles, rounds: number) {
  const source = benchSource(name);
  const eventFile = join(directory, 'event.json');
  const times: Record<'own' | 'bare', Times[]> = { own: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    const prepared = prepare(source, kilobytes * 1000);
    writeFileSync(eventFile, prepared.event);
    const order = round % 2 === 0 ? (['own', 'bare'] as const) : (['bare', 'own'] as const);
    for (const which of order) times[which].push(run(which === 'own' ? own : bare, eventFile, prepared));
  }
  return DELIVERIES.map((delivery, index) => {
    const [own, bare, ownProcessor, bareProcessor] = [0, 1].flatMap((what) =>
      [times.own, times.bare].map((all) => all.map((each) => each[index]?.[what] ?? Number.NaN)),
    );
    return {
      ...{ provider: name, scheme: schemeOf(source.provider, source.options).title, kilobytes, delivery },
      ...{ milliseconds: spread(own ?? []), bare: spread(bare ?? []) },
      ...{ processorMs: spread(ownProcessor ?? []), bareProcessorMs: spread(bareProcessor ?? []) },
      ratio: delivery === 'first' ? ratio(ownProcessor ?? [], bareProcessor ?? []) : ratio(own ?? [], bare ?? []),
    };
  });
}

function run(bundle: string, eventFile: string, { environment }: PreparedDelivery): Times {
  const { output, status } = spawnSync(process.execPath, [RUN, bundle, eventFile], {
    env: { ...environment, PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${bundle} ended with ${status ?? 'a signal'}`);
  return JSON.parse(output[3] ?? '') as Times;
}

/**
 * The first is judged by processor time: on a machine that does other things too, its elapsed time is mostly waiting. The others are
 * shorter than a tick of that clock, and are judged by elapsed time.
 */
const table = (figures: readonly ReturnType<typeof pairsOf>[number][]): FigureTable => ({
  id: 'first-delivery',
  title:
    'The first, tenth and hundredth delivery of a fresh process, AWS answered in memory, and a bare handler with the same calls',
  columns: ['provider', 'scheme', 'body', 'delivery', 'ms', 'processor ms', 'bare', 'times', `goal ≤ ${GOAL}`],
  rows: figures.map((figure) => [
    ...[figure.provider, figure.scheme, `${figure.kilobytes} KB`, figure.delivery, number(figure.milliseconds.median)],
    ...[number(figure.processorMs.median), number(figure.bareProcessorMs.median), show(figure.ratio, 2)],
    judged(figure.ratio.median, GOAL),
  ]),
});
