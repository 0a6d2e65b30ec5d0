import { describe, expect, it } from '@jest/globals';
import { endsAlone, HEALTHY } from './ends-alone.ts';
import { again, fresh, run } from './isolated-runs.ts';

describe('a handler that does not end', () => {
  it('fails its own event alone, and its neighbours are done long before', async () => {
    const { outcomes, effects: seen, reports } = await run(9_000, fresh('hangs', 'a', 'loops', 'b', 'c'));
    expect(outcomes).toEqual([{ hangs: 'timed_out', loops: 'timed_out', a: 'done', b: 'done', c: 'done' }]);
    expect(seen).toEqual(HEALTHY);
    const deadline = reports[0]?.find(({ key }) => key === 'hangs')?.after ?? 0;
    expect(deadline).toBeLessThan(9_000);
    for (const { key, after } of reports[0] ?? []) if (HEALTHY.includes(key)) expect(after).toBeLessThan(deadline);
  }, 120_000);

  it('has no effect after it was given up: it would wake after its retry has begun', async () => {
    // Also not by a process that it has started, whether it hangs or exits itself.
    const first = [...fresh('wakes', 'starts', 'a'), ...again('starts and leaves')];
    const { outcomes, effects: seen } = await run(8_000, first, [...again('wakes'), ...fresh('b')]);
    expect(outcomes).toEqual([
      { wakes: 'timed_out', starts: 'timed_out', 'starts and leaves': 'handler_exited', a: 'done' },
      { wakes: 'timed_out', b: 'done' },
    ]);
    // The second batch is over 12 s after the first handler began, and that handler would have woken after 9 s.
    expect(seen).toEqual(['a', 'b']);
  }, 120_000);
});

describe('a handler that ends its process', () => {
  // Those that fill its memory are in memory-hungry-handlers.thorough.test.ts.
  it.each(['exits', 'throws late'] as const)('fails its own event alone when it comes again (%s)', endsAlone, 180_000);
});

describe('a handler', () => {
  it('fails by the name of its error, and speaks to the log of the function', async () => {
    const { outcomes, stdout } = await run(
      20_000,
      fresh('throws', 'throws nameless', 'speaks', 'sends', 'returns a generator'),
      again('throws', 'aborts'),
    );
    expect(outcomes).toEqual([
      {
        ...{ throws: 'RangeError', 'throws nameless': 'Error', speaks: 'done', sends: 'done' },
        'returns a generator': 'HandlerDidNotRun',
      },
      { throws: 'RangeError', aborts: 'handler_aborted' },
    ]);
    expect(stdout).toContain("spoken { key: 'speaks' }");
    expect(stdout).not.toContain('of the customer');
  }, 120_000);
});
