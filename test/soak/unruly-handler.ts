import type { EventHandler } from '../../lambdas/core/event.ts';
import { takeEffect } from './effect.ts';

/** Of the tries, how many do each of these; the others have their effect. */
const MISDEEDS: readonly (readonly [share: number, misdeed: () => Promise<unknown>])[] = [
  [0.004, () => new Promise(() => setInterval(() => undefined, 1000))],
  [0.002, () => loopForever()],
  [0.006, () => process.exit(1)],
  [0.006, () => Promise.reject(new RangeError('a failure of the customer'))],
  [0.001, () => fillTheHeap()],
];

/** A customer's handler that now and then hangs, loops, exits, throws or fills its memory, and has its effect otherwise. */
export const handler: EventHandler = async (event) => {
  const chance = Math.random();
  let below = 0;
  await MISDEEDS.find(([share]) => chance < (below += share))?.[1]();
  await takeEffect(event);
};

function loopForever(): never {
  for (;;);
}

function fillTheHeap(): never {
  const all: unknown[] = [];
  for (;;) all.push(Array.from({ length: 1000 }, () => ({})));
}
