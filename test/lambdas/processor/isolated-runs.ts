import { afterAll, beforeAll } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../../../lib/bundle.ts';
import type { Became, TestEvent, Told } from './isolating.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-isolated-'));
const effects = join(directory, 'effects.log');
afterAll(() => rmSync(directory, { recursive: true }));

/** Does what the key of its event says, and then has its effect: a line in a file. */
const HANDLER = `
  import { spawn } from 'node:child_process';
  import { appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  const effect = (key) => appendFileSync(${JSON.stringify(effects)}, key + '\\n');
  const START = "(sleep 9; echo child >> " + ${JSON.stringify(effects)} + ") & setsid sh -c 'sleep 9; echo session >> " + ${JSON.stringify(effects)} + "' & sleep 0.2; echo";
  const startChildren = () => new Promise((resolve) => spawn('sh', ['-c', START + ' ready; wait']).stdout.once('data', resolve));
  export const handler = async (event) => {
    const { key } = event;
    if (key === 'returns a generator') return (async function* () { effect(key); })();
    if (key.startsWith('starts')) await startChildren();
    if (key.startsWith('starts and leaves')) process.exit(3);
    if (key.startsWith('starts')) await new Promise(() => setInterval(() => undefined, 1000));
    if (key.startsWith('hangs')) await new Promise(() => setInterval(() => undefined, 1000));
    if (key.startsWith('wakes')) await sleep(9_000);
    if (key.startsWith('loops')) for (;;);
    if (key.startsWith('exits')) process.exit(3);
    if (key === 'aborts') process.abort();
    if (key === 'sends') for (const own of [null, 'text', { kind: 'console' }, { kind: 'settled' }]) process.send(own);
    if (key.startsWith('fills the heap')) for (const all = []; ; ) all.push(new Array(1000).fill({}), String(all.length));
    if (key.startsWith('fills buffers')) for (const all = []; ; await sleep(1)) all.push(Buffer.alloc(2 ** 23, 1));
    if (key.startsWith('throws late')) setTimeout(() => { throw new RangeError('late'); });
    if (key.startsWith('throws')) await sleep(key.startsWith('throws late') ? 60_000 : 1);
    if (key.startsWith('throws nameless')) throw Object.assign(new Error('of the customer'), { name: undefined });
    if (key.startsWith('throws')) throw new RangeError('of the customer');
    if (key.startsWith('waits')) await sleep(300);
    if (key.startsWith('reads')) if (typeof event.json?.a !== 'object') throw new Error('no JSON');
    if (key.startsWith('speaks')) console.log('spoken', { key });
    effect(key);
  };
`;

let file: string;
beforeAll(() => {
  const customerHandler = join(directory, 'handler.js');
  writeFileSync(customerHandler, HANDLER);
  file = join(bundle({ entry: 'lambdas/processor/handler.ts', customerHandler }), 'runner.mjs');
}, 120_000);

/** Runs batches of events through the handler, in a process with the limits that Lambda's own runtime sets for 1,024 MB. */
export async function run(remainingMs: number, ...batches: readonly (readonly TestEvent[])[]) {
  writeFileSync(effects, '');
  const told: Told = { file, remainingMs, batches };
  const limits = ['--max-old-space-size=921', '--max-semi-space-size=52'];
  const args = [...limits, 'test/lambdas/processor/isolating.ts', JSON.stringify(told)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 2 ** 20 });
  const reports = JSON.parse(stdout.split('\nREPORT ')[1] ?? '') as Became[][];
  const outcomes = reports.map((batch) => Object.fromEntries(batch.map(({ key, outcome }) => [key, outcome])));
  return {
    stdout,
    reports,
    outcomes,
    effects: readFileSync(effects, 'utf8').trim().split('\n').filter(Boolean).sort(),
  };
}

export const fresh = (...keys: readonly string[]): TestEvent[] => keys.map((key) => ({ key }));
export const again = (...keys: readonly string[]): TestEvent[] => keys.map((key) => ({ key, isRetry: true }));
