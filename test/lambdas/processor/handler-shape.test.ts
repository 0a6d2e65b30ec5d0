import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { demandDone, handlerFlaw } from '../../../lambdas/processor/handler-shape.ts';

const nothing = (): void => undefined;
const twoArguments = (event: unknown, context: unknown): unknown[] => [event, context];
const takesCallback = (event: unknown, context: unknown, callback: unknown): unknown[] => [event, context, callback];
function* generator() {
  yield 1;
}
async function* asyncGenerator() {
  yield await Promise.resolve(1);
}
class Handler {
  readonly handle = nothing;
}
function classify() {
  return 1;
}

describe('an export', () => {
  it.each<[what: string, value: unknown]>([
    ['a function', nothing],
    ['an async function', async () => Promise.resolve()],
    ['a function of Lambda’s own kind', twoArguments],
    ['a bound function', nothing.bind(undefined)],
    ['a function behind a proxy', new Proxy(nothing, {})],
    ['a function whose text begins with a word like "class"', classify],
  ])('can be a handler: %s', (_what, value) => {
    expect(handlerFlaw(value)).toBeUndefined();
  });

  it.each<[what: string, value: unknown, flaw: string]>([
    ['a generator', generator, 'is a generator function'],
    ['an async generator', asyncGenerator, 'is a generator function'],
    ['a class', Handler, 'is a class'],
    ['a callback’s taker', takesCallback, 'no callback comes'],
    ['a promise of a function', Promise.resolve(nothing), 'is not a function but of type object'],
    ['nothing', undefined, 'is not a function but of type undefined'],
  ])('cannot be a handler: %s', (_what, value, flaw) => {
    expect(handlerFlaw(value)).toContain(flaw);
  });
});

describe('what a handler returned', () => {
  it.each<[what: string, value: unknown]>([
    ['nothing', undefined],
    ['an object', { statusCode: 200 }],
    ['a list', [1, { a: 1 }]],
    ['something that can be iterated', new Map([[1, 2]])],
    ['an array', new Uint8Array(3)],
  ])('is success: %s', async (_what, value) => {
    await expect(demandDone(value)).resolves.toBeUndefined();
  });

  it('is waited for, if it is a list of promises', async () => {
    let isDone = false;
    const work = async (): Promise<void> => {
      await setImmediate();
      isDone = true;
    };
    await demandDone([work()]);
    expect(isDone).toBe(true);
    await expect(demandDone([Promise.reject(new RangeError('no'))])).rejects.toThrow(RangeError);
  });

  it.each<[what: string, value: unknown, message: string]>([
    ['a generator', generator(), 'a generator'],
    ['an async generator', asyncGenerator(), 'a generator'],
    ['a function', nothing, 'a function'],
    ['an observable', { subscribe: nothing, pipe: nothing }, 'an observable'],
    ['one of them in a list', [undefined, nothing], 'a function'],
  ])('is failure: %s', async (_what, value, message) => {
    await expect(demandDone(value)).rejects.toMatchObject({
      ...{ name: 'HandlerDidNotRun', message: expect.stringContaining(message) },
    });
  });

  it('is failure by its own name, if it is an error', async () => {
    await expect(demandDone(new RangeError('no'))).rejects.toThrow(RangeError);
    // Of another realm too, where it is an instance of another class.
    await expect(demandDone(runInNewContext("new RangeError('no')"))).rejects.toMatchObject({ name: 'RangeError' });
  });
});
