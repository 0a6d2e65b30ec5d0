import { runIsolated } from '../core/process/isolated-batch.ts';
import type { MakeHandler } from '../core/process/handle.ts';
import { watchMemory } from './memory-watch.ts';
import { startRunner } from './runner-process.ts';
import type { RunnerProcess } from './runner-process.ts';

/** Of an invocation's time, what is kept for the marks and notes after the last handler; and the most of it. */
const RESERVE_SHARE = 0.2;
const MAX_RESERVE_MS = 2_000;

/**
 * Runs a handler in processes of its own, within the function's memory. `file` is the runner's; it loads the handler. The first
 * process starts at once, beside the function's own start, and is used again from batch to batch while it is healthy.
 */
export function isolated(memoryMb: number, file: string): MakeHandler {
  const running = new Set<RunnerProcess>();

  const start = (): RunnerProcess => {
    const runner = startRunner(memoryMb, file);
    running.add(runner);
    void runner.ended.then(() => {
      running.delete(runner);
      if (kept === runner) kept = undefined;
    });
    return runner;
  };
  let kept: RunnerProcess | undefined = start();

  const takeKept = (): RunnerProcess | undefined => {
    const runner = kept;
    kept = undefined;
    return runner;
  };

  return (remainingMs) => (tasks) => {
    const remaining = remainingMs();
    const stopWatching = watchMemory(memoryMb, () => running);
    const results = runIsolated(tasks, {
      after,
      patienceMs: remaining - Math.min(MAX_RESERVE_MS, remaining * RESERVE_SHARE),
      open(reports, canBeKept) {
        const runner = (canBeKept ? takeKept() : undefined) ?? start();
        runner.reportTo(reports);
        return runner;
      },
      keep(runner) {
        if (kept) void runner.end();
        else kept = [...running].find((each) => each === runner);
      },
    });
    void Promise.allSettled(results).then(stopWatching);
    return results;
  };
}

function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}
