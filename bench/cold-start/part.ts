import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ENV } from '../../lambdas/contract.ts';
import { ratio, spread } from '../measure.ts';
import type { Report } from '../report.ts';
import { allBytes, breakdown, PROVIDER } from './bundles.ts';
import type { Bundle } from './bundles.ts';
import { subjects } from './subjects.ts';
import type { Load } from './loads.ts';
import { bareNameFor, tables } from './tables.ts';

const LOAD = fileURLToPath(new URL('load.js', import.meta.url));

/** The options and variables that the functions read when they are loaded. */
const OPTIONS = { tokenUrl: 'https://api.example.com/token' };
const ENVIRONMENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(ENV).map((name) => [name, '60'])),
  [ENV.provider]: PROVIDER,
  [ENV.options]: JSON.stringify(OPTIONS),
  AWS_REGION: 'us-east-1',
  PATH: process.env.PATH ?? '',
};

/** Size and load time of the functions' bundles, each in a fresh process, beside what they can be compared with. */
export async function measureColdStart({ rounds }: { readonly rounds: number }): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-bench-'));
  try {
    const all = subjects(directory);
    const loads = loadAll(all, rounds);
    const packages = breakdown('verifier');
    return await Promise.resolve({ figures: { loads, packages }, tables: tables(loads, packages) });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function loadAll(bundles: readonly Bundle[], rounds: number): Load[] {
  const times = new Map(bundles.map(({ name }) => [name, { elapsed: [] as number[], processor: [] as number[] }]));
  // The first load fills the file system's cache, and the compile cache if there is one.
  for (const each of bundles) load(each);
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < bundles.length; place++) {
      const each = bundles[(place + round) % bundles.length];
      if (!each) continue;
      const [elapsed, processor] = load(each);
      times.get(each.name)?.elapsed.push(elapsed);
      times.get(each.name)?.processor.push(processor);
    }
  }
  return bundles.map((each) => figure(each, bundles, times));
}

type LoadTimes = ReadonlyMap<string, { readonly elapsed: readonly number[]; readonly processor: readonly number[] }>;

function figure(own: Bundle, bundles: readonly Bundle[], times: LoadTimes): Load {
  const { name, bytes } = own;
  const { elapsed = [], processor = [] } = times.get(name) ?? {};
  const bare = bundles.find((other) => other.name === bareNameFor(name));
  const base = bare && times.get(bare.name);
  return {
    ...{ name, bytes, allBytes: allBytes(own), milliseconds: spread(elapsed), processorMs: spread(processor) },
    ...(bare &&
      base && {
        ratios: {
          bytes: bytes / bare.bytes,
          milliseconds: ratio(elapsed, base.elapsed),
          processorMs: ratio(processor, base.processor),
        },
      }),
  };
}

function load({ directory, environment }: Bundle): [elapsed: number, processor: number] {
  const file = pathToFileURL(join(directory, 'index.js')).href;
  const env = { ...ENVIRONMENT, ...environment };
  return JSON.parse(execFileSync(process.execPath, [LOAD, file], { env, encoding: 'utf8' })) as [number, number];
}
