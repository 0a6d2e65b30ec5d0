import { expect, it } from '@jest/globals';
import { fresh, run } from './isolated-runs.ts';

it.each([
  ['[', false],
  ['{},', false],
  ['{},', true],
])(
  'a handler reads nine of the largest bodies, nested by %j, beside an innocent event (again: %p)',
  async (repeat, isRetry) => {
    const keys = Array.from({ length: 9 }, (_, index) => `reads ${index}`);
    const { outcomes, effects: seen } = await run(100_000, [
      ...keys.map((key) => ({ key, repeat, bytes: 4_600_000, isRetry })),
      ...fresh('innocent'),
    ]);
    expect(new Set(Object.values(outcomes[0] ?? {}))).toEqual(new Set(['done']));
    expect(seen).toEqual(['innocent', ...keys]);
  },
  180_000,
);
