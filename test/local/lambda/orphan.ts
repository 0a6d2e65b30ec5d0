/** Runs an idle and a busy function, writes their processes' ids, and waits to be killed. */
import { testFunction } from './test-function.ts';

const idle = testFunction('exports.handler = async () => process.pid;');
const busy = testFunction(`exports.handler = async ({ stay }) => {
  if (stay) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return process.pid;
};`);
const pids = [await idle.call({}), await busy.call({})];
void busy.call({ stay: true });
console.log(JSON.stringify(pids));
