import { PermanentError } from '../../lambdas/core/permanent-error.ts';
import type { EventHandler } from '../../lambdas/core/event.ts';

/** Fails each event for good. */
export const handler: EventHandler = () => {
  throw new PermanentError('a handler of the tests');
};
