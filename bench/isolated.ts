import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/**
 * Has a module's `measure` run in a process of its own, so that the compiled code is as in a function that does nothing else,
 * and resolves to what it answers. Its standard output goes nowhere.
 */
export function isolated(module: URL, input: object): Promise<unknown> {
  const child = fork(WORKER, [module.href], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  child.send({ input });
  return new Promise((resolve, reject) => {
    child.once('message', (output) => resolve(output));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${module.pathname} ended with ${code ?? 'a signal'}`)));
  });
}
