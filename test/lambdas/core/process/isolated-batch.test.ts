import { describe, expect, it } from '@jest/globals';
import { toHandled } from '../../../../lambdas/core/process/handle.ts';
import type { HandledEvent } from '../../../../lambdas/core/process/handle.ts';
import { runIsolated } from '../../../../lambdas/core/process/isolated-batch.ts';
import type { Reports, Runner } from '../../../../lambdas/core/process/runner.ts';
import { errorName } from '../../../../lambdas/core/errors.ts';
import { makeEvent } from '../in-memory.ts';

/** A runner that does what the test says, and nothing of itself. */
class FakeRunner implements Runner {
  readonly given: number[] = [];
  hasEnded = false;
  readonly reports: Reports;

  constructor(reports: Reports) {
    this.reports = reports;
  }

  run(place: number, event: HandledEvent): void {
    this.given.push(place);
    expect(event.key).toBe(`evt_${place}`);
  }

  /** Calls the handler with what was given last, which returns its promise. */
  begin(): void {
    this.reports.started(this.given.at(-1) ?? -1);
    this.reports.ready();
  }

  end(): Promise<void> {
    this.hasEnded = true;
    return Promise.resolve();
  }
}

function setUp() {
  const runners: FakeRunner[] = [];
  const kept: Runner[] = [];
  let timers: { readonly milliseconds: number; readonly callback: () => void }[] = [];
  const batch = (...tasks: readonly { readonly isRetry?: boolean; readonly bytes?: number }[]) => {
    const results = runIsolated(
      tasks.map(({ isRetry = false, bytes = 10 }, place) => ({
        event: toHandled(makeEvent({ key: `evt_${place}`, body: Buffer.alloc(bytes) })),
        isRetry,
      })),
      {
        patienceMs: 12_000,
        open(reports) {
          const runner = new FakeRunner(reports);
          runners.push(runner);
          return runner;
        },
        keep: (runner) => void kept.push(runner),
        after(milliseconds, callback) {
          const timer = { milliseconds, callback };
          timers.push(timer);
          return () => (timers = timers.filter((each) => each !== timer));
        },
      },
    );
    const outcomes: (string | undefined)[] = tasks.map(() => undefined);
    results.forEach((result, place) => {
      result.then(
        () => (outcomes[place] = 'done'),
        (error: unknown) => (outcomes[place] = errorName(error)),
      );
    });
    return outcomes;
  };
  const fire = (milliseconds: number): void => {
    const timer = timers.find((each) => each.milliseconds === milliseconds);
    timers = timers.filter((each) => each !== timer);
    timer?.callback();
  };
  const runner = (index: number): FakeRunner => {
    const found = runners[index];
    if (!found) throw new Error(`there are ${runners.length} runners`);
    return found;
  };
  return { batch, runner, runners, kept, passTime: () => fire(1000), giveUp: () => fire(12_000), timers: () => timers };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a batch of fresh events', () => {
  it('is handled side by side on one runner, which is kept; each is done when its own handler is', async () => {
    const { batch, runner, kept, timers } = setUp();
    const outcomes = batch({}, {}, {});
    runner(0).reports.ready();
    for (const place of [0, 1, 2]) {
      expect(runner(0).given.at(-1)).toBe(place);
      runner(0).begin();
    }
    runner(0).reports.done(2);
    await settled();
    expect(outcomes).toEqual([undefined, undefined, 'done']);
    runner(0).reports.failed(0, 'RangeError');
    runner(0).reports.done(1);
    await settled();
    expect(outcomes).toEqual(['RangeError', 'done', 'done']);
    expect(kept).toEqual([runner(0)]);
    expect(timers()).toEqual([]);
  });

  it('fails what hangs with "timed_out", after its runner has ended, and nothing else', async () => {
    const { batch, runner, kept, giveUp } = setUp();
    const outcomes = batch({}, {});
    const ending = Promise.withResolvers<undefined>();
    runner(0).end = () => ending.promise;
    runner(0).reports.ready();
    runner(0).begin();
    runner(0).begin();
    runner(0).reports.done(0);
    giveUp();
    await settled();
    expect(outcomes).toEqual(['done', undefined]);
    ending.resolve(undefined);
    await settled();
    expect(outcomes).toEqual(['done', 'timed_out']);
    expect(kept).toEqual([]);
  });

  it('goes on with another runner if one ends, and fails only what that one had begun', async () => {
    const { batch, runner } = setUp();
    const outcomes = batch({}, {}, {});
    runner(0).reports.ready();
    runner(0).begin();
    runner(0).reports.ended('out_of_memory');
    runner(1).reports.ready();
    for (const place of [1, 2]) {
      expect(runner(1).given.at(-1)).toBe(place);
      runner(1).begin();
      runner(1).reports.done(place);
    }
    await settled();
    expect(outcomes).toEqual(['out_of_memory', 'done', 'done']);
  });

  it('goes on with another runner if a handler does not give way', async () => {
    const { batch, runner, passTime, giveUp } = setUp();
    const outcomes = batch({}, {});
    runner(0).reports.ready();
    runner(0).reports.started(0);
    passTime();
    passTime();
    runner(1).reports.ready();
    expect(runner(1).given).toEqual([1]);
    runner(1).begin();
    runner(1).reports.done(1);
    giveUp();
    await settled();
    expect(outcomes).toEqual(['timed_out', 'done']);
  });

  it('fails as a whole if the handler cannot be loaded', async () => {
    const { batch, runner, runners } = setUp();
    const outcomes = batch({}, {});
    runner(0).reports.ended('load_TypeError');
    await settled();
    expect(outcomes).toEqual(['load_TypeError', 'load_TypeError']);
    expect(runners).toHaveLength(1);
  });

  it('tries again if a runner ends before it has begun anything, and not for ever', async () => {
    const { batch, runner, runners } = setUp();
    const outcomes = batch({});
    for (const index of [0, 1, 2]) {
      runner(index).reports.ready();
      runner(index).reports.ended('handler_exited');
    }
    await settled();
    expect(outcomes).toEqual(['handler_exited']);
    expect(runners).toHaveLength(3);
  });
});

describe('large bodies', () => {
  it('are handled one at a time, while small ones pass', () => {
    const { batch, runner } = setUp();
    batch({ bytes: 4_000_000 }, { bytes: 4_000_000 }, { bytes: 10 });
    runner(0).reports.ready();
    runner(0).begin();
    expect(runner(0).given).toEqual([0, 2]);
    runner(0).begin();
    runner(0).reports.done(2);
    expect(runner(0).given).toEqual([0, 2]);
    runner(0).reports.done(0);
    expect(runner(0).given).toEqual([0, 2, 1]);
  });

  it('go on after a while beside one that hangs', () => {
    const { batch, runner, passTime } = setUp();
    batch({ bytes: 4_000_000 }, { bytes: 4_000_000 });
    runner(0).reports.ready();
    runner(0).begin();
    passTime();
    passTime();
    expect(runner(0).given).toEqual([0, 1]);
  });
});

describe('an event that comes again', () => {
  it('has a runner to itself, which ends with it', async () => {
    const { batch, runner, runners, kept } = setUp();
    const outcomes = batch({ isRetry: true }, {}, { isRetry: true });
    expect(runners).toHaveLength(3);
    for (const each of runners) each.reports.ready();
    expect(runners.map(({ given }) => given)).toEqual([[0], [1], [2]]);
    for (const each of runners) each.begin();
    runner(0).reports.ended('handler_exited');
    runner(1).reports.done(1);
    runner(2).reports.done(2);
    await settled();
    expect(outcomes).toEqual(['handler_exited', 'done', 'done']);
    expect(runner(2).hasEnded).toBe(true);
    expect(kept).toEqual([runner(1)]);
  });
});
