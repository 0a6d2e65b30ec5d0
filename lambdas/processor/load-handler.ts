import type { EventHandler } from '../core/event.ts';

/** The customer's handler, from the file of its own that it is bundled into. Throws if there is none. */
export async function loadHandler(): Promise<EventHandler> {
  const handler = handlerIn(await import('#customer-handler'));
  if (!handler) throw new TypeError('the file exports no function named handler');
  return handler;
}

/** The export named `handler` of a module, or of the one export that a CommonJS module has; undefined if it is not a function. */
function handlerIn(module: CustomerModule): EventHandler | undefined {
  const handler = module.handler ?? module.default?.handler;
  return isHandler(handler) ? handler : undefined;
}

const isHandler = (value: unknown): value is EventHandler => typeof value === 'function';

/** A customer's module. lib/check-bundle.ts has loaded it once, and found the handler in the same way. */
interface CustomerModule {
  readonly handler?: unknown;
  readonly default?: { readonly handler?: unknown };
}
