/** Loads one file, as Lambda's runtime loads a function's, and prints the milliseconds that it took: elapsed, and of processor. */
import { performance } from 'node:perf_hooks';

const [, , file] = process.argv;
const used = process.cpuUsage();
const started = performance.now();
await import(file);
const elapsed = performance.now() - started;
const { user, system } = process.cpuUsage(used);
process.stdout.write(JSON.stringify([elapsed, (user + system) / 1000]));
