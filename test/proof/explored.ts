import { afterAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { loadProduct } from './product.ts';
import { figuresLine, FIGURES_HEAD, scheduleText } from './report.ts';
import type { SmallReport } from './run-small.ts';
import { scenarios } from './scenarios.ts';

/** Milliseconds: the first test waits for all, and on a busy machine for several times as long. */
const BUSY_MS = 400_000;

/** Describes that every scenario keeps its promises, as run-small.ts explores it with these options. */
export async function describeExplored(bounds: string, ...options: readonly string[]): Promise<void> {
  const all = scenarios(await loadProduct(process.cwd()));
  // In a process of its own: in Jest's the same takes several times as long.
  const args = ['test/proof/run-small.ts', ...options];
  const reports = promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 2 ** 20 }).then(
    ({ stdout }) => JSON.parse(stdout) as SmallReport[],
  );

  afterAll(async () => {
    const found = await reports;
    const schedules = found.reduce((sum, report) => sum + report.schedules, 0);
    const lines = found.map((report) => figuresLine(report, report.bounds));
    process.stdout.write(`${[FIGURES_HEAD, ...lines].join('\n')}\n${schedules} schedules\n`);
  });

  describe(`every promise holds in every schedule ${bounds}`, () => {
    it.each(all)(
      '$name: $about',
      async ({ name }) => {
        const report = (await reports).find(({ scenario }) => scenario === name);
        expect(report?.counterexample && scheduleText(report.counterexample)).toBeUndefined();
        expect(report?.schedules).toBeGreaterThan(1);
      },
      BUSY_MS,
    );
  });
}
