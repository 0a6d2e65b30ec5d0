import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentBudget } from '../../../local/lambda/environment-budget.ts';
import { testFunction } from './test-function.ts';

describe('the budget of processes', () => {
  it('lets a process start in the place of the one that has rested the longest', async () => {
    const budget = environmentBudget(2, 60_000);
    const ended: string[] = [];
    const process = (name: string) => ({
      end() {
        ended.push(name);
        budget.free();
      },
    });
    const [a, b] = [process('a'), process('b')];
    await budget.take();
    await budget.take();
    budget.rest(a);
    budget.rest(b);
    budget.wake(a);
    budget.rest(a);
    expect(ended).toEqual([]);
    await budget.take();
    expect(ended).toEqual(['b']);
    await budget.take();
    expect(ended).toEqual(['b', 'a']);
  });

  it('waits when all are at work, and starts one more when that takes too long', async () => {
    const budget = environmentBudget(1, 30);
    await budget.take();
    const started: number[] = [];
    void budget.take().then(() => started.push(1));
    void budget.take().then(() => started.push(2));
    await sleep(5);
    expect(started).toEqual([]);
    budget.free();
    await sleep(1);
    expect(started).toEqual([1]);
    await sleep(60);
    expect(started).toEqual([1, 2]);
  });

  it('holds for real functions: many that are invoked in turn run in few processes', async () => {
    const budget = environmentBudget(2);
    const functions = Array.from({ length: 3 }, () =>
      testFunction('exports.handler = async () => process.pid;', {}, budget),
    );
    const alive = (pids: readonly number[]): number =>
      pids.filter((pid) => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      }).length;
    const pids: number[] = [];
    for (const each of [...functions, ...functions]) pids.push((await each.call({})) as number);
    expect(new Set(pids).size).toBeGreaterThan(3);
    expect(alive([...new Set(pids)])).toBeLessThanOrEqual(2);
    // All at once: each is invoked.
    expect(await Promise.all(functions.map((each) => each.call({})))).toHaveLength(3);
    for (const each of functions) await each.dispose();
  }, 120_000);
});
