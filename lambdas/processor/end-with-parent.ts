import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { isOneMachine } from '../adapters/environment.ts';
import { endFamily, FAMILY_MARK } from './runner-family.ts';

/**
 * Ends this process, and those that the handler has started, when the function's own has ended. In AWS the whole environment goes
 * with that. On one machine a handler that never gives way would go on by itself, so a thread beside it looks out.
 */
export function endWithParent(): void {
  process.once('disconnect', () => endFamily({ pid: process.pid, mark: process.env[FAMILY_MARK] ?? '' }));
  if (!isOneMachine()) return;
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(-process.pid, 'SIGKILL'), 500)`;
  new Worker(watch, { eval: true }).unref();
}
