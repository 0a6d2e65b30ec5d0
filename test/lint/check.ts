/**
 * A part of `npm run check`: the rules of eslint.config.js and TypeScript's own, each by the fastest tool that knows it.
 * `npx eslint <file>` and an editor say the same of a file.
 */
import { lintPlan } from './plan.ts';
import { runEslint, runOxlint, runTsgolint } from './tools.ts';

const groups = await lintPlan();
for (const { passed, report } of await Promise.all([runEslint(groups), runOxlint(groups), runTsgolint(groups)])) {
  if (passed) continue;
  console.log(report);
  process.exitCode = 1;
}
