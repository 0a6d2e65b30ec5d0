import { expect } from '@jest/globals';
import { again, fresh, run } from './isolated-runs.ts';

export const HEALTHY = ['a', 'b', 'c'];

/** How a handler ends its process, and the reason of the try that says so. */
const REASONS = {
  exits: 'handler_exited',
  'fills the heap': 'out_of_memory',
  'fills buffers': 'out_of_memory',
  'throws late': 'uncaught_RangeError',
};

/** Expects that a handler that ends its process fails its own event alone, at first among others and then when it comes again. */
export async function endsAlone(what: keyof typeof REASONS): Promise<void> {
  const { outcomes, effects: seen } = await run(
    60_000,
    fresh(`${what} 1`, 'a', `${what} 2`, 'b', 'c'),
    again(`${what} 1`, 'waits', `${what} 2`),
  );
  const failed = { [`${what} 1`]: REASONS[what], [`${what} 2`]: REASONS[what] };
  expect(outcomes).toEqual([
    { ...failed, a: 'done', b: 'done', c: 'done' },
    { ...failed, waits: 'done' },
  ]);
  expect(seen).toEqual([...HEALTHY, 'waits']);
}
