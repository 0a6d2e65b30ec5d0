import { join } from 'node:path';
import { memoryMb } from '../adapters/environment.ts';
import { isolated } from './runner-pool.ts';

/** Runs the customer's handler for each event, in processes beside this one. */
export const makeHandler = isolated(memoryMb(), join(import.meta.dirname, 'runner.mjs'));
