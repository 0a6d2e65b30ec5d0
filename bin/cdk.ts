import { runCommand } from '../cli/operator-error.ts';
import { runCdk } from '../cli/run-cdk.ts';
import { configDirectory } from '../lib/load-config.ts';

const [, , command = 'synth', ...args] = process.argv;
await runCommand(() => runCdk(command, args, configDirectory));
