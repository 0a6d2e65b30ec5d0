import { describe, expect, it } from '@jest/globals';
import { handlerIn } from '../../../lambdas/processor/load-handler.ts';
import { makeEvent } from '../core/in-memory.ts';
import { toHandled, toWebhookEvent } from '../../../lambdas/core/process/handle.ts';

const event = toWebhookEvent(toHandled(makeEvent({ key: 'a' })));

class Service {
  readonly #name = 'service';

  handler(): Promise<string> {
    return Promise.resolve(this.#name);
  }
}

const counter = {
  n: 1,
  handler() {
    return this.n;
  },
};

type Module = Parameters<typeof handlerIn>[0];

describe('the handler of a module', () => {
  it.each<[what: string, module: Module, result: unknown]>([
    ['its export', { handler: () => 'export' }, 'export'],
    ['a method of the object that it exports', { default: counter }, 1],
    ['a method of an instance', { default: new Service() }, 'service'],
    ['its export rather than that of its default', { handler: () => 2, default: counter }, 2],
  ])('is %s, called as such', async (_what, module, result) => {
    const handler: (of: typeof event) => unknown = handlerIn(module);
    expect(await handler(event)).toBe(result);
  });

  it.each<[what: string, module: Module, flaw: string]>([
    ['a class', { default: { handler: Service } }, 'is a class'],
    ['nothing', {}, 'of type undefined'],
    ['nothing of its default', { default: {} }, 'of type undefined'],
  ])('is not %s', (_what, module, flaw) => {
    expect(() => handlerIn(module)).toThrow(flaw);
  });
});
