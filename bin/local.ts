import { runLocally } from '../local/run.ts';
import { runCommand } from '../cli/operator-error.ts';

await runCommand(() => runLocally(async () => (await import('../lib/load-config.ts')).loadConfig, process.env));
