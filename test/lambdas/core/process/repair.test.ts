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
  const observer = recordingObserver();
  const deadLetters = {
    take: () => Promise.resolve(waiting.slice(at, (at += 10))),
    putBack({ receipt }: DeadLetter) {
      moved.push(receipt);
      return Promise.resolve();
    },
  };
  const pass = (milliseconds: number): void => void (now += milliseconds);
  const look = () => repair({ breaker, deadLetters, clock, random: () => 0.5, observer });
  return { breaker, look, pass, moved, observer, deadLetters };
}

describe('the dead letters of an outage', () => {
  it('go back once it is over and the source flows freely, a hundred at a time', async () => {
    const { look, pass, moved, breaker } = setUp(250);
    await look();
    expect(moved).toEqual([]);
    pass(RAMP_MS);
    await look();
    await look();
    expect(moved).toHaveLength(100);
    for (let more = 0; more < 3; more++) {
      pass(30_000);
      await look();
    }
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
    const { look, pass, moved, breaker } = setUp(5, more);
    pass(RAMP_MS);
    await look();
    expect([moved, breaker.view.state.repair]).toEqual([[], undefined]);
  });

  it('stay where they are while the outage is back', async () => {
    const { look, pass, moved, breaker } = setUp(5);
    breaker.view = { state: { ...breaker.view.state, phase: 'open' } };
    pass(RAMP_MS);
    await look();
    expect(moved).toEqual([]);
  });
});
