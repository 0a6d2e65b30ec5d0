import { loadConfig } from '../lib/load-config.ts';
import { runLocally } from '../local/run.ts';
import { runCommand } from '../cli/operator-error.ts';

await runCommand(() => runLocally(loadConfig, process.env));
