/** `npm run fuzz`: a million hostile requests, on as many processes as there are cores. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { fuzz } from './fuzz.ts';
import type { FuzzResult } from './fuzz.ts';
import { numberFrom } from '../soak/random.ts';

const CASES = numberFrom('CASES', 1_000_000);
const SEED = numberFrom('SEED', Date.now() % 1_000_000_000);

async function runPart(cases: number, seed: number): Promise<FuzzResult | undefined> {
  const env = { ...process.env, CASES: String(cases), SEED: String(seed), FUZZ_PART: '1' };
  const child = fork(fileURLToPath(import.meta.url), { env });
  let result: FuzzResult | undefined;
  child.on('message', (message: FuzzResult) => (result = message));
  await once(child, 'exit');
  return result;
}

async function runAll(): Promise<void> {
  const parts = availableParallelism();
  const each = Math.ceil(CASES / parts);
  const started = performance.now();
  // Seeds far enough apart that no case comes twice.
  const results = await Promise.all(
    Array.from({ length: parts }, (_, part) => runPart(each, SEED + part * 100_000_000)),
  );
  const done = results.filter((result) => result !== undefined);
  const sum = (of: keyof FuzzResult): number => done.reduce((total, result) => total + result[of], 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `fuzz: ${sum('runs')} cases in ${seconds} s, seed ${SEED}: ${sum('authentic')} authentic, all accepted; ` +
      `${sum('runs') - sum('authentic')} not, none accepted; 5xx 0; ${sum('logged')} bytes logged, no canary in them`,
  );
  if (done.length < parts) console.log(`fuzz: FAILED in ${parts - done.length} of ${parts} processes`);
  process.exitCode = done.length === parts ? 0 : 1;
}

if (process.env.FUZZ_PART === '1') process.send?.(await fuzz(CASES, SEED), () => process.disconnect());
else await runAll();
