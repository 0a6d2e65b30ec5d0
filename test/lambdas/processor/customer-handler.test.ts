import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  import { appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  const effect = (key) => appendFileSync(${JSON.stringify(effects)}, key + '\\n');
  export const handler = async (event) => {
    const { key } = event;
    if (key.startsWith('hangs')) await new Promise(() => setInterval(() => undefined, 1000));
    if (key.startsWith('wakes')) await sleep(9_000);
    if (key.startsWith('loops')) for (;;);
    if (key.startsWith('exits')) process.exit(3);
    if (key.startsWith('fills the heap')) for (const all = []; ; ) all.push(new Array(1000).fill({}), String(all.length));
    if (key.startsWith('fills buffers')) for (const all = []; ; await sleep(1)) all.push(Buffer.alloc(2 ** 23, 1));
    if (key.startsWith('throws late')) setTimeout(() => { throw new RangeError('late'); });
    if (key.startsWith('throws')) await sleep(key.startsWith('throws late') ? 60_000 : 1);
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

/** Runs batches in a process with the limits that Lambda's own runtime sets for 1,024 MB. */
async function run(remainingMs: number, ...batches: readonly (readonly TestEvent[])[]) {
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

const fresh = (...keys: readonly string[]): TestEvent[] => keys.map((key) => ({ key }));
const again = (...keys: readonly string[]): TestEvent[] => keys.map((key) => ({ key, isRetry: true }));
const HEALTHY = ['a', 'b', 'c'];

describe('a handler that does not end', () => {
  it('fails its own event alone, and its neighbours are done long before', async () => {
    const { outcomes, effects: seen, reports } = await run(9_000, fresh('hangs', 'a', 'loops', 'b', 'c'));
    expect(outcomes).toEqual([{ hangs: 'timed_out', loops: 'timed_out', a: 'done', b: 'done', c: 'done' }]);
    expect(seen).toEqual(HEALTHY);
    const deadline = reports[0]?.find(({ key }) => key === 'hangs')?.after ?? 0;
    expect(deadline).toBeLessThan(9_000);
    for (const { key, after } of reports[0] ?? []) if (HEALTHY.includes(key)) expect(after).toBeLessThan(deadline);
  }, 120_000);

  it('has no effect after it was given up: it would wake after its retry has begun', async () => {
    const { outcomes, effects: seen } = await run(8_000, fresh('wakes', 'a'), [...again('wakes'), ...fresh('b')]);
    expect(outcomes).toEqual([
      { wakes: 'timed_out', a: 'done' },
      { wakes: 'timed_out', b: 'done' },
    ]);
    // The second batch is over 12 s after the first handler began, and that handler would have woken after 9 s.
    expect(seen).toEqual(['a', 'b']);
  }, 120_000);
});

describe('a handler that ends its process', () => {
  it.each([
    ['exits', 'handler_exited'],
    ['fills the heap', 'out_of_memory'],
    ['fills buffers', 'out_of_memory'],
    ['throws late', 'uncaught_RangeError'],
  ])(
    'fails its own event alone when it comes again (%s)',
    async (what, reason) => {
      const { outcomes, effects: seen } = await run(
        60_000,
        fresh(`${what} 1`, 'a', `${what} 2`, 'b', 'c'),
        again(`${what} 1`, 'waits', `${what} 2`),
      );
      const failed = { [`${what} 1`]: reason, [`${what} 2`]: reason };
      expect(outcomes).toEqual([
        { ...failed, a: 'done', b: 'done', c: 'done' },
        { ...failed, waits: 'done' },
      ]);
      expect(seen).toEqual([...HEALTHY, 'waits']);
    },
    180_000,
  );
});

describe('a handler', () => {
  it('fails by the name of its error, and speaks to the log of the function', async () => {
    const { outcomes, stdout } = await run(20_000, fresh('throws', 'speaks'), again('throws'));
    expect(outcomes).toEqual([{ throws: 'RangeError', speaks: 'done' }, { throws: 'RangeError' }]);
    expect(stdout).toContain("spoken { key: 'speaks' }");
    expect(stdout).not.toContain('of the customer');
  }, 120_000);

  it.each([
    ['[', false],
    ['{},', false],
    ['{},', true],
  ])(
    'reads nine of the largest bodies, nested by %j, beside an innocent event (again: %p)',
    async (repeat, isRetry) => {
      const keys = Array.from({ length: 9 }, (_, index) => `reads ${index}`);
      const { outcomes, effects: seen } = await run(100_000, [
        ...keys.map((key) => ({ key, repeat, bytes: 4_600_000, isRetry })),
        ...fresh('innocent'),
      ]);
      expect(new Set(Object.values(outcomes[0] ?? {}))).toEqual(new Set(['done']));
      expect(seen).toEqual(['innocent', ...keys]);
    },
    180_000,
  );
});
