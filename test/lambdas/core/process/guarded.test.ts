import { describe, expect, it } from '@jest/globals';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import { PermanentError } from '../../../../lambdas/core/permanent-error.ts';
import { CLOSED } from '../../../../lambdas/core/process/breaker.ts';
import type { BreakerView, Pace } from '../../../../lambdas/core/process/flow.ts';
import { processGuarded } from '../../../../lambdas/core/process/guarded.ts';
import { Tally } from '../../../../lambdas/core/process/tally.ts';
import {
  makeEvent,
  MemoryArchive,
  MemoryBodies,
  MemoryBreaker,
  MemoryLedger,
  memoryRetries,
  recordingObserver,
} from '../in-memory.ts';

const START = Date.parse('2026-01-02T03:04:06.000Z');

function setUp({ pace = {}, breaks = true }: { readonly pace?: Pace; readonly breaks?: boolean } = {}) {
  let now = START;
  const clock = (): number => now;
  const ledger = new MemoryLedger(clock, 14 * 86_400_000);
  const observer = recordingObserver();
  const breaker = new MemoryBreaker(clock);
  const retried = memoryRetries();
  const tally = new Tally();
  const handled: string[] = [];
  let failure: Error | undefined;
  let invocations = 0;
  const deliver = (keys: readonly string[], more: { readonly sentAt?: number } = {}) =>
    processGuarded(
      keys.map((key) => ({ id: key, text: encodeMessage(makeEvent({ key })), ...more })),
      {
        ...{ ...retried, ledger, observer, clock, leaseMs: 40_000, owner: `request-${++invocations}`, breaker, pace },
        ...{ bodies: new MemoryBodies(), archive: new MemoryArchive(), archivedIn: 'place', tally, breaks },
        ...{ patienceMs: 7_000, sleep: (ms: number) => Promise.resolve(void (now += ms)) },
        handle: (tasks) =>
          tasks.map(({ event }) => {
            handled.push(event.key);
            return failure ? Promise.reject(failure) : Promise.resolve();
          }),
      },
    );
  const fails = (error: Error | undefined): void => void (failure = error);
  const open = async (): Promise<void> => {
    fails(new RangeError('down'));
    for (let second = 0; breaker.view.state.phase !== 'open' && second < 100; second++) {
      await deliver(Array.from({ length: 10 }, (_, index) => `e${second} ${index}`));
      now += 1_000;
    }
    handled.length = 0;
    retried.retries.delays.length = 0;
  };
  const pass = (seconds: number): void => void (now += seconds * 1000);
  return { ledger, observer, breaker, deliver, fails, open, handled, pass, clock, ...retried };
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `k${index}`);

describe('a source whose breaker is open', () => {
  it('has one probe a minute, which spends no try, and everything else comes back untouched', async () => {
    const { open, deliver, handled, pass, ledger, breaker, retries } = setUp();
    await open();
    expect(breaker.view.state).toMatchObject({ phase: 'open', kind: 'RangeError' });
    const leases = ledger.items.size;
    expect((await deliver(keys(10))).sort()).toEqual(keys(10));
    expect([handled.length, ledger.items.size, retries.delays.length]).toEqual([0, leases, 10]);
    for (let minute = 1; minute <= 5; minute++) {
      pass(60);
      expect(await deliver(keys(10))).toHaveLength(10);
      expect(await deliver(keys(10))).toHaveLength(10);
      expect(handled).toHaveLength(minute);
    }
    const probed = ledger.find(makeEvent({ key: handled[0] ?? '' }));
    expect(probed?.failures).toContain('RangeError');
    expect(probed?.tries ?? 0).toBe(0);
    expect(retries.deadLetters).toEqual([]);
  });

  it('closes when a probe succeeds, and flows back at a rate that grows', async () => {
    const { open, deliver, handled, pass, breaker, fails, observer } = setUp();
    await open();
    fails(undefined);
    pass(60);
    expect(await deliver(keys(10))).toHaveLength(9);
    expect(breaker.view.state.phase).toBe('closed');
    expect(observer.seen.filter((seen) => seen.startsWith('breakerMoved'))).toEqual([
      'breakerMoved:slow:RangeError',
      'breakerMoved:open:RangeError',
      'breakerMoved:closed',
    ]);
    handled.length = 0;
    expect(await deliver(keys(10).map((key) => `${key} again`))).toHaveLength(9);
    pass(40);
    await deliver(Array.from({ length: 10 }, (_, index) => `later ${index}`));
    // 16 a second by now, which is eight every half of one.
    expect(handled).toHaveLength(1 + 8);
    pass(120);
    expect(await deliver(keys(10))).toEqual([]);
  });

  it('takes a permanent failure of its probe for a dead letter, and for no sign of the outage', async () => {
    const { open, deliver, pass, breaker, fails, retries } = setUp();
    await open();
    fails(new PermanentError('no'));
    pass(60);
    expect(await deliver(['k0'])).toEqual([]);
    expect([retries.deadLetters.length, breaker.view.state.phase]).toEqual([1, 'open']);
  });

  it('makes the next probe at once if one has tried nothing', async () => {
    const { open, deliver, pass, ledger, handled } = setUp();
    await deliver(['done']);
    await open();
    pass(60);
    expect(await deliver(['done'])).toEqual([]);
    expect(await deliver(keys(1))).toEqual(keys(1));
    expect([handled, ledger.find(makeEvent({ key: 'done' }))?.status]).toEqual([keys(1), 'PROCESSED']);
  });

  it('gives up what its queue is about to delete', async () => {
    const { open, deliver, retries, clock, ledger } = setUp();
    await open();
    const forgotten: string[] = [];
    ledger.forgetTries = ({ key }) => Promise.resolve(void forgotten.push(key));
    expect(await deliver(['old'], { sentAt: clock() - 10 * 86_400_000 })).toEqual([]);
    expect([retries.reasons, forgotten]).toEqual([['waited_too_long'], ['old']]);
  });

  it('gives it up although the ledger cannot be told', async () => {
    const { open, deliver, retries, clock, ledger, observer } = setUp();
    await open();
    ledger.forgetTries = () => Promise.reject(new RangeError('down'));
    expect(await deliver(['old'], { sentAt: clock() - 10 * 86_400_000 })).toEqual([]);
    expect([retries.reasons, observer.seen.includes('retryFailed:RangeError')]).toEqual([['waited_too_long'], true]);
  });

  it('comes to that in no source that has no breaker', async () => {
    const { open, breaker } = setUp({ breaks: false });
    await open();
    expect(breaker.view.state).toBe(CLOSED);
  });
});

describe('a source that an operator has paused', () => {
  it('handles nothing until it is resumed, and no probe either', async () => {
    const { deliver, breaker, handled, pass, retries, observer, clock } = setUp();
    breaker.view = { state: CLOSED, paused: { at: clock(), by: 'a person', reason: 'a migration' } };
    const waited: number[] = [];
    const note = observer.held.bind(observer);
    observer.held = (why, count, sinceMs) => {
      waited.push(sinceMs);
      note(why, count, sinceMs);
    };
    expect(await deliver(keys(3))).toEqual(keys(3));
    pass(3_600);
    expect(await deliver(keys(3))).toEqual(keys(3));
    expect([handled, observer.seen]).toEqual([[], ['held:paused', 'held:paused']]);
    expect(waited).toEqual([0, 3_600_000]);
    expect(retries.delays.map(({ seconds }) => seconds)).toEqual([5, 5, 5, 1800, 1800, 1800]);
    const resumed: BreakerView = { state: CLOSED, resumedAt: clock() };
    breaker.view = resumed;
    expect(await deliver(keys(3))).toHaveLength(2);
  });
});

describe('the pace of a source', () => {
  it('bounds the events a second, whoever handles them', async () => {
    const { deliver, handled, clock } = setUp({ pace: { perSecond: 4 } });
    const from = clock();
    for (let batch = 0; batch < 5; batch++) expect(await deliver(keys(4).map((key) => `${key} ${batch}`))).toEqual([]);
    expect([handled.length, clock() - from]).toEqual([20, 4_000]);
    expect(await deliver(keys(10).map((key) => `${key} more`))).toHaveLength(6);
  });

  it('has a batch come back that would wait for longer than it may', async () => {
    const { deliver, breaker, handled, retries, clock } = setUp({ pace: { perSecond: 1 } });
    breaker.nextAt = clock() + 60_000;
    expect(await deliver(['k'])).toEqual(['k']);
    expect([handled, retries.delays]).toEqual([[], [{ id: 'k', seconds: 5 }]]);
  });
});

describe('an invocation that waits for its turn by the pace', () => {
  it.each<[string, () => BreakerView]>([
    ['paused', () => ({ state: CLOSED, paused: { at: START, by: 'a person', reason: 'a migration' } })],
    ['open', () => ({ state: { ...CLOSED, phase: 'open', since: START, probeAt: START } })],
  ])('handles nothing if its source is %s when it may begin', async (is, view) => {
    const { deliver, breaker, handled, clock, observer, retries } = setUp({ pace: { perSecond: 1 } });
    breaker.nextAt = clock() + 3_000;
    const reserve = breaker.reserve.bind(breaker);
    breaker.reserve = async (slot, most) => {
      const wait = await reserve(slot, most);
      breaker.view = view();
      return wait;
    };
    expect(await deliver(['k'])).toEqual(['k']);
    expect([handled, observer.seen, retries.delays.length]).toEqual([[], [`held:${is}`], 1]);
  });
});

describe('a source without trouble', () => {
  it('reads its breaker, and changes nothing', async () => {
    const { deliver, breaker } = setUp();
    for (let batch = 0; batch < 20; batch++) expect(await deliver([`k${batch}`])).toEqual([]);
    expect(breaker.changes).toBe(0);
  });

  it('is not slowed by a poisoned event, and says of the others that they succeed', async () => {
    const { deliver, breaker, fails, pass } = setUp();
    for (let second = 0; second < 300; second++) {
      fails(new RangeError('poisoned'));
      await deliver(['poisoned']);
      fails(undefined);
      for (let batch = 0; batch < 3; batch++) await deliver(keys(5).map((key) => `${key} ${second} ${batch}`));
      pass(1);
      expect(breaker.view.state.phase).toBe('closed');
    }
  });

  it('handles nothing as long as nobody knows whether it is paused', async () => {
    const { deliver, breaker, handled, ledger } = setUp();
    breaker.read = () => Promise.reject(new Error('down'));
    expect(await deliver(keys(2))).toEqual(keys(2));
    expect([handled, ledger.items.size]).toEqual([[], 0]);
  });

  it('goes on if the breaker cannot be told', async () => {
    const { deliver, breaker, fails, observer } = setUp();
    breaker.change = () => Promise.reject(new RangeError('x'));
    fails(new Error('down'));
    expect(await deliver(['k'])).toEqual(['k']);
    expect(observer.seen).toContain('breakerFailed:RangeError');
  });

  it('has the next invocation tell what could not be told, and nothing that is long past', async () => {
    const { deliver, breaker, fails, pass } = setUp();
    const change = breaker.change.bind(breaker);
    breaker.change = () => Promise.reject(new RangeError('others change it'));
    fails(new RangeError('down'));
    await deliver(keys(2));
    await deliver(keys(3));
    breaker.change = change;
    fails(undefined);
    await deliver(['good']);
    expect(breaker.view.state.window).toMatchObject({ failures: { RangeError: 5 }, successes: 1 });
    await deliver(['good, too']);
    expect(breaker.view.state.window.failures).toEqual({ RangeError: 5 });
    breaker.change = () => Promise.reject(new RangeError('others change it'));
    fails(new RangeError('down'));
    await deliver(keys(4));
    pass(61);
    breaker.change = change;
    await deliver(['last']);
    expect(breaker.view.state.window.failures).toEqual({ RangeError: 1 });
  });
});
