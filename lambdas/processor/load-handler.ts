import type { EventHandler } from '../core/event.ts';
import { handlerFlaw } from './handler-shape.ts';

/** The customer's handler, from the file of its own that it is bundled into. Throws if there is none, or if it cannot be one. */
export async function loadHandler(): Promise<EventHandler> {
  return handlerIn(await import('#customer-handler'));
}

/** The export named `handler` of a module, or of the one export that a CommonJS module has: a method finds its own object. */
export function handlerIn(module: CustomerModule): EventHandler {
  const handler = module.handler ?? module.default?.handler;
  // A class that is bound no longer shows that it is one.
  const flaw = handlerFlaw(handler);
  if (flaw !== undefined) throw new TypeError(`the export "handler" ${flaw}`);
  const called = handler as EventHandler;
  return module.handler === undefined || module.handler === null ? called.bind(module.default) : called;
}

/** A customer's module. lib/check-bundle.ts has loaded it once, and found the handler in the same way. */
interface CustomerModule {
  readonly handler?: unknown;
  readonly default?: { readonly handler?: unknown };
}
