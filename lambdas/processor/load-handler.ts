import type { EventHandler } from '../core/event.ts';
import { handlerFlaw } from './handler-shape.ts';

/** The customer's handler, from the file of its own that it is bundled into. Throws if there is none, or if it cannot be one. */
export async function loadHandler(): Promise<EventHandler> {
  const handler = handlerIn(await import('#customer-handler'));
  const flaw = handlerFlaw(handler);
  if (flaw !== undefined) throw new TypeError(`the export "handler" ${flaw}`);
  return handler as EventHandler;
}

/** The export named `handler` of a module, or of the one export that a CommonJS module has. */
const handlerIn = (module: CustomerModule): unknown => module.handler ?? module.default?.handler;

/** A customer's module. lib/check-bundle.ts has loaded it once, and found the handler in the same way. */
interface CustomerModule {
  readonly handler?: unknown;
  readonly default?: { readonly handler?: unknown };
}
