import { expect, it } from '@jest/globals';
import type { Ops } from '../../../cli/ops/ops.ts';
import { report } from '../../../cli/ops/output.ts';
import { runbook, runbookSections } from '../../../cli/ops/runbook.ts';

const NO_GATEWAY = {} as Ops;

it.each([...runbookSections()])('ops runbook %s prints the section as it is written', async (alarm, section) => {
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const run = () => runbook.run(NO_GATEWAY, { alarm: `hookgate-dev--osigu--${alarm}` });
  expect(await report(run, { json: false, print, printError: print })).toBe(0);
  expect(printed.join('\n').trim()).toBe(section);
});
