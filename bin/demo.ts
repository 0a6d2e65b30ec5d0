import { loadConfig } from '../lib/load-config.ts';
import { demonstrateAll } from '../cli/send/demo.ts';
import { inspect } from '../cli/send/inspection.ts';
import { runCommand } from '../cli/operator-error.ts';
import { demoSummary, demoTable } from '../cli/send/report.ts';
import { localOrigin } from '../cli/local-gateway.ts';

const PATIENCE_MS = 20_000;

await runCommand(async () => {
  const origin = localOrigin(process.env);
  const context = { origin, env: process.env, inspection: inspect(origin), patienceMs: PATIENCE_MS };
  const rows = await demonstrateAll(loadConfig().sources, context);
  console.log(demoTable(rows));
  console.log(demoSummary(rows));
  return rows.every(({ ok }) => ok);
});
