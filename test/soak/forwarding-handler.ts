import type { EventHandler } from '../../lambdas/core/event.ts';
import { takeEffect } from './effect.ts';

/** The handler of a source with targets: by the time that it runs, each of these has the event in its queue. */
export const handler: EventHandler = (event) => takeEffect(event);
