/**
 * Has a fresh process answer a hundred deliveries, and writes to the file descriptor 3 the milliseconds that the first, the tenth and the
 * hundredth took: elapsed, and of the processor in the thread that answers. Lambda's runtime parses each event before it calls the handler.
 */
import { readFileSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const DELIVERIES = [1, 10, 100];
const [, , bundle, eventFile] = process.argv;
const { handler } = (await import(bundle)).default;
const event = readFileSync(eventFile, 'utf8');
const context = {
  functionName: 'bench',
  memoryLimitInMB: '1024',
  awsRequestId: '1',
  getRemainingTimeInMillis: () => 9000,
};

const times = [];
for (let number = 1; number <= Math.max(...DELIVERIES); number++) {
  const delivery = JSON.parse(event);
  const used = process.threadCpuUsage();
  const started = performance.now();
  const { statusCode, body } = await handler(delivery, context);
  const elapsed = performance.now() - started;
  const { user, system } = process.threadCpuUsage(used);
  if (statusCode >= 300) throw new Error(`delivery ${number} was answered ${statusCode} ${body}`);
  if (DELIVERIES.includes(number)) times.push([elapsed, (user + system) / 1000]);
}
writeSync(3, JSON.stringify(times));
