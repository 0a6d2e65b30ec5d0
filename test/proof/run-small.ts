/** Explores every scenario within its small bounds, and prints what was found as JSON: see explorer.test.ts. */
import { explore } from './explore.ts';
import type { Bounds } from './budget.ts';
import type { Exploration } from './explore.ts';
import { loadProduct } from './product.ts';
import { scenarios } from './scenarios.ts';

export interface SmallReport extends Exploration {
  readonly bounds: Bounds;
}

const reports: SmallReport[] = [];
for (const scenario of scenarios(await loadProduct(process.cwd())))
  reports.push({ bounds: scenario.small, ...(await explore(scenario, scenario.small)) });
console.log(JSON.stringify(reports));
