/*
 * Whether an export can be a handler, and whether a call of it did its work. Some code can be called, and runs nothing: to take its
 * answer for success would mark an event as done that nobody has handled.
 */

/** Why an export cannot be a handler, as the end of a sentence that starts with its name; undefined if it can. */
export function handlerFlaw(value: unknown): string | undefined {
  if (typeof value !== 'function') return `is not a function but of type ${typeof value}`;
  if (Object.prototype.toString.call(value).endsWith('GeneratorFunction]'))
    return 'is a generator function, and a call runs no line of it: leave out the *';
  if (Function.prototype.toString.call(value).startsWith('class'))
    return 'is a class, and cannot be called: export a function that makes and uses it';
  if (value.length > CALLED_WITH)
    return `takes ${value.length} arguments, and no callback comes: return a promise that resolves when the work is done`;
  return undefined;
}

/** Arguments that a handler may name: the event, and the context that Lambda's own handlers have, which is undefined here. */
const CALLED_WITH = 2;

/** A handler has returned something that shows that its work is not done. The message says what it was. */
export class HandlerDidNotRun extends Error {
  override readonly name = 'HandlerDidNotRun';
}

/**
 * Returns when the work of a handler is done, by what its promise resolved to: promises in a list are waited for. Throws an error that
 * was returned, and {@link HandlerDidNotRun} for a value whose code runs only when somebody takes it further.
 */
export async function demandDone(result: unknown): Promise<void> {
  const results: readonly unknown[] = Array.isArray(result) ? await Promise.all(result) : [result];
  for (const each of results) {
    // An error of another realm, such as one of `node:vm`, is not an instance of this one's class.
    if (each instanceof Error || Object.prototype.toString.call(each) === '[object Error]') throw each;
    const what = unrun(each);
    if (what !== undefined)
      throw new HandlerDidNotRun(`The handler returned ${what}: run it in the handler, and wait until it is done`);
  }
}

/** The kind of a value that is work still to be done; undefined for every other value. */
function unrun(value: unknown): string | undefined {
  if (typeof value === 'function') return 'a function, which nobody calls';
  if (typeof value !== 'object' || value === null) return undefined;
  const { next, subscribe } = value as { readonly next?: unknown; readonly subscribe?: unknown };
  if (typeof next === 'function' && (Symbol.iterator in value || Symbol.asyncIterator in value))
    return 'a generator, which nobody iterates';
  return typeof subscribe === 'function' ? 'an observable, to which nobody subscribes' : undefined;
}
