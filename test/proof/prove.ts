/**
 * `npm run prove`: explores every scenario within its large bounds, prints how many schedules that took, and exits with 1
 * if one breaks a promise, after the schedule that does. A scenario's name as an argument explores only that scenario.
 */
import { explore } from './explore.ts';
import { loadProduct } from './product.ts';
import { figuresLine, FIGURES_HEAD, scheduleText } from './report.ts';
import { scenarios } from './scenarios.ts';

const [only] = process.argv.slice(2);
const chosen = scenarios(await loadProduct(process.cwd())).filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`There is no scenario "${only}".`);
  process.exit(1);
}

console.log(FIGURES_HEAD);
let schedules = 0;
for (const scenario of chosen) {
  const found = await explore(scenario);
  schedules += found.schedules;
  console.log(figuresLine(found, scenario.bounds));
  if (found.counterexample) {
    console.error(scheduleText(found.counterexample));
    process.exitCode = 1;
  }
}
console.log(
  `${schedules.toLocaleString('en-US')} schedules; ${process.exitCode === 1 ? 'a promise is broken' : 'every promise holds in each'}.`,
);
