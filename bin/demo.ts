import { Command } from 'commander';
import { localOrigin } from '../cli/local-gateway.ts';
import { runCommand } from '../cli/operator-error.ts';
import { demonstrateAll, unseenChanges } from '../cli/send/demo.ts';
import { inspect } from '../cli/send/inspection.ts';
import { demoSummary, demoTable } from '../cli/send/report.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import { loadConfig } from '../lib/load-config.ts';
import { hasEveryProvider, withEveryProvider } from '../local/every-provider.ts';
import { startGateway } from '../local/gateway.ts';

/** Each function of a source starts cold, and a busy machine takes its time. */
const PATIENCE_MS = 60_000;

/** Shows the sources of the gateway at `origin`. Resolves to whether everything was as it should be. */
async function show(origin: string, { sources }: HookgateConfig, env: typeof process.env): Promise<boolean> {
  const context = { origin, env, inspection: inspect(origin), patienceMs: PATIENCE_MS };
  const rows = await demonstrateAll(sources, context);
  console.log(demoTable(rows));
  for (const line of unseenChanges(sources)) console.log(line);
  console.log(demoSummary(rows));
  return rows.every(({ ok }) => ok);
}

/** Shows every provider: on the running gateway if that has a source for each, else on one that runs as long as this does. */
async function showEvery(origin: string, running: HookgateConfig): Promise<boolean> {
  if (await hasEveryProvider(running, inspect(origin))) return show(origin, running, process.env);
  const config = loadConfig(withEveryProvider);
  console.log(`Starting a gateway with a source per provider, ${config.sources.length} in all, on a free port.`);
  const gateway = await startGateway({ port: 0, config });
  try {
    // Its secrets are made up, whatever the environment says of the customer's sources.
    return await show(gateway.url, config, {});
  } finally {
    await gateway.stop();
  }
}

const command = new Command('demo')
  .description(
    'Sends deliveries that are valid, known, forged, stale and altered to the local gateway, and judges them.',
  )
  .option('--all', 'show every provider, on a gateway of its own unless the running one has a source for each')
  .action(({ all = false }: { readonly all?: boolean }) =>
    runCommand(() => {
      const [origin, config] = [localOrigin(process.env), loadConfig()];
      return all ? showEvery(origin, config) : show(origin, config, process.env);
    }),
  );

await command.parseAsync();
