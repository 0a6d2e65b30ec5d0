/**
 * Explores every scenario within its small bounds, and prints what was found as JSON: see explored.ts. With `--calm`, a scenario
 * that has several schedules without faults, delays and switches is explored without them, and any other without delays. The first
 * one has its small bounds.
 */
import process from 'node:process';
import type { Bounds } from './budget.ts';
import { explore } from './explore.ts';
import type { Exploration, Scenario } from './explore.ts';
import { loadProduct } from './product.ts';
import { scenarios } from './scenarios.ts';

export interface SmallReport extends Exploration {
  readonly bounds: Bounds;
}

const CALM: Bounds = { faults: 0, delays: 0, switches: 0 };

const isCalm = process.argv.includes('--calm');
const reports: SmallReport[] = [];
const report = async (scenario: Scenario, bounds: Bounds): Promise<SmallReport> => ({
  bounds,
  ...(await explore(scenario, bounds)),
});
for (const scenario of scenarios(await loadProduct(process.cwd()))) {
  const calm = isCalm && reports.length > 0 ? await report(scenario, CALM) : undefined;
  const isExplored = calm && (calm.schedules > 1 || calm.counterexample);
  const bounds = calm ? { ...scenario.small, delays: 0 } : scenario.small;
  reports.push(isExplored ? calm : await report(scenario, bounds));
}
console.log(JSON.stringify(reports));
