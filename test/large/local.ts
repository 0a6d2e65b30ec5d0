/** `npm start` of as many mixed sources as the argument says: start.ts runs it. */
import process from 'node:process';
import { runLocally } from '../../local/run.ts';
import { mixedConfig } from './config.ts';

await runLocally(() => mixedConfig(Number(process.argv[2])), process.env);
