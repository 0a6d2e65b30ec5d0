import { PermanentError } from '../../../package/index.ts';
import type { EventHandler } from '../../../package/index.ts';

/**
 * Handles one authentic event, which was accepted once. Throw if it must be tried again, throw a PermanentError if that cannot help,
 * and give `event.key` to everything that has an effect: a handler can run again after a crash.
 */
export const handler: EventHandler = async (event) => {
  if (event.json === undefined) throw new PermanentError('the body is not a JSON object');
  // Never log a body: it can hold what only its receiver may read.
  console.log(`handled ${event.type} ${event.key}`);
  await Promise.resolve();
};
