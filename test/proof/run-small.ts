/**
 * Explores every scenario within its small bounds, and prints what was found as JSON: see explored.ts. With `--calm`, all but the
 * first are explored without faults, delays and switches.
 */
import process from 'node:process';
import type { Bounds } from './budget.ts';
import { explore } from './explore.ts';
import type { Exploration } from './explore.ts';
import { loadProduct } from './product.ts';
import { scenarios } from './scenarios.ts';

export interface SmallReport extends Exploration {
  readonly bounds: Bounds;
}

const CALM: Bounds = { faults: 0, delays: 0, switches: 0 };

const isCalm = process.argv.includes('--calm');
const reports: SmallReport[] = [];
for (const scenario of scenarios(await loadProduct(process.cwd()))) {
  const bounds = isCalm && reports.length > 0 ? CALM : scenario.small;
  reports.push({ bounds, ...(await explore(scenario, bounds)) });
}
console.log(JSON.stringify(reports));
