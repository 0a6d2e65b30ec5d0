import { loadConfig } from '../lib/config/load.ts';
import { demonstrateAll } from '../lib/sender/demo.ts';
import { inspect } from '../lib/sender/inspection.ts';
import { runCommand } from '../lib/sender/operator-error.ts';
import { demoSummary, demoTable } from '../lib/sender/report.ts';
import { localOrigin } from '../lib/sender/target.ts';

const PATIENCE_MS = 20_000;

await runCommand(async () => {
  const origin = localOrigin(process.env);
  const context = { origin, env: process.env, inspection: inspect(origin), patienceMs: PATIENCE_MS };
  const rows = await demonstrateAll(loadConfig().sources, context);
  console.log(demoTable(rows));
  console.log(demoSummary(rows));
  return rows.every(({ ok }) => ok);
});
