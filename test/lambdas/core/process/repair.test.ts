import { describe, expect, it } from '@jest/globals';
import { afterProbe, CLOSED, MOST_REPAIRED, RAMP_MS } from '../../../../lambdas/core/process/breaker.ts';
import { repair } from '../../../../lambdas/core/process/repair.ts';
import type { DeadLetter } from '../../../../lambdas/core/process/repair.ts';
import { MemoryBreaker, recordingObserver } from '../in-memory.ts';

const START = Date.parse('2026-01-02T03:04:06.000Z');

function setUp(count: number, more: Partial<DeadLetter> = {}) {
  let now = START;
  const clock = (): number => now;
  const breaker = new MemoryBreaker(clock);
  const open = { ...CLOSED, phase: 'open', since: START - 60_000, outageSince: START - 60_000 } as const;
  breaker.view = { state: afterProbe(open, true, START) };
  const letter = { text: 'text', reason: 'Unreachable', diedAt: START - 30_000, isSpent: false, ...more };
  const waiting: DeadLetter[] = Array.from({ length: count }, (_, index) => ({ ...letter, receipt: `r${index}` }));
  let at = 0;
  const moved: string[] = [];
  const shown: string[] = [];
  const observer = recordingObserver();
  const deadLetters = {
    take: () => Promise.resolve(waiting.slice(at, (at += 10))),
    giveBack(letters: readonly DeadLetter[]) {
      shown.push(...letters.map(({ receipt }) => receipt));
      return Promise.resolve();
    },
    putBack({ receipt }: DeadLetter) {
      moved.push(receipt);
      return Promise.resolve();
    },
  };
  const pass = (milliseconds: number): void => void (now += milliseconds);
  const time = { isLeft: true };
  const hasTime = (): boolean => time.isLeft;
  const look = () => repair({ breaker, deadLetters, clock, random: () => 0.5, hasTime, observer });
  /** Looks for ten minutes, as invocations do. */
  const lookOn = async (): Promise<void> => {
    for (let looks = 0; looks <= 20; looks++) {
      await look();
      pass(30_000);
    }
  };
  return { breaker, look, lookOn, pass, moved, shown, observer, deadLetters, time };
}

describe('the dead letters of an outage', () => {
  it('go back once it is over and the source flows freely, a hundred at a time', async () => {
    const { look, lookOn, pass, moved, breaker } = setUp(250);
    await look();
    expect(moved).toEqual([]);
    pass(RAMP_MS);
    await look();
    await look();
    expect(moved).toHaveLength(100);
    await lookOn();
    expect(new Set(moved).size).toBe(250);
    expect(breaker.view.state.repair).toBeUndefined();
    const { changes } = breaker;
    await look();
    expect(breaker.changes).toBe(changes);
  });

  it('are so many at most', async () => {
    const { look, pass, moved } = setUp(2 * MOST_REPAIRED);
    pass(RAMP_MS);
    for (let looks = 0; looks < 30; looks++) {
      await look();
      pass(30_000);
    }
    expect(moved).toHaveLength(MOST_REPAIRED);
  });

  it.each<[string, Partial<DeadLetter>]>([
    ['a permanent failure', { reason: 'permanent: no such patient' }],
    ['a body that is gone', { reason: 'body_missing' }],
    ['one that died long before', { diedAt: START - 86_400_000 }],
    ['one that has gone back before', { isSpent: true }],
  ])('are not %s', async (_what, more) => {
    const { lookOn, pass, moved, breaker } = setUp(5, more);
    pass(RAMP_MS);
    await lookOn();
    expect([moved, breaker.view.state.repair]).toEqual([[], undefined]);
  });

  it('that stay can be seen by an operator again, unless others may be hidden behind them', async () => {
    const few = setUp(5, { reason: 'permanent: no' });
    few.pass(RAMP_MS);
    await few.look();
    expect(few.shown).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    const many = setUp(101, { reason: 'permanent: no' });
    many.pass(RAMP_MS);
    await many.look();
    expect(many.shown).toEqual([]);
  });

  it('are looked for again if a look sees nothing: somebody may be looking at them', async () => {
    const { look, pass, moved, deadLetters } = setUp(3);
    pass(RAMP_MS);
    const { take } = deadLetters;
    deadLetters.take = () => Promise.resolve([]);
    await look();
    deadLetters.take = take;
    pass(30_000);
    await look();
    expect(moved).toHaveLength(3);
  });

  it('are looked for behind more than a hundred that do not go back', async () => {
    const { look, pass, moved, deadLetters } = setUp(3);
    const { take } = deadLetters;
    let looks = 0;
    const other = { text: 'text', receipt: 'r', reason: 'permanent: no', diedAt: START, isSpent: false };
    deadLetters.take = () => (looks++ < 10 ? Promise.resolve(Array.from({ length: 10 }, () => other)) : take());
    pass(RAMP_MS);
    await look();
    pass(30_000);
    await look();
    expect(moved).toHaveLength(3);
  });

  it('count although the way back failed before all were moved', async () => {
    const { look, pass, breaker, deadLetters, observer } = setUp(10);
    let moves = 0;
    deadLetters.putBack = () => (++moves === 4 ? Promise.reject(new Error('down')) : Promise.resolve());
    pass(RAMP_MS);
    await expect(look()).rejects.toThrow('down');
    expect([breaker.view.state.repair?.left, observer.seen]).toEqual([MOST_REPAIRED - 3, ['repaired']]);
  });

  it('wait for an invocation that has time for them', async () => {
    const { look, pass, moved, time } = setUp(3);
    pass(RAMP_MS);
    time.isLeft = false;
    await look();
    expect(moved).toEqual([]);
    time.isLeft = true;
    pass(30_000);
    await look();
    expect(moved).toHaveLength(3);
  });

  it('stay where they are while the outage is back', async () => {
    const { look, pass, moved, breaker } = setUp(5);
    breaker.view = { state: { ...breaker.view.state, phase: 'open' } };
    pass(RAMP_MS);
    await look();
    expect(moved).toEqual([]);
  });
});
