import type { EventHandler } from '../../lambdas/core/event.ts';
import { PermanentError } from '../../lambdas/core/permanent-error.ts';
import { doomOf, isDown } from './doom.ts';
import { takeEffect } from './effect.ts';

/** A customer's handler behind which something is down for a while; some events never succeed, and none of one order key does. */
export const handler: EventHandler = async (event) => {
  const doom = doomOf(event.body);
  if (doom === 'permanent') throw new PermanentError('not known here');
  if (isDown(event.body, Date.now())) throw Object.assign(new Error('down'), { name: 'DatabaseUnavailable' });
  if (doom === 'poisoned') throw new RangeError('a failure of the customer');
  await takeEffect(event);
};
