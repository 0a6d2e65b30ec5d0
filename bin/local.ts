import { loadConfig } from '../lib/config/load.ts';
import { runLocally } from '../lib/local/run.ts';
import { runCommand } from '../lib/sender/operator-error.ts';

await runCommand(() => runLocally(loadConfig, process.env));
