import type { FunctionConfig, InvokeResult } from './lambda/function-config.ts';
import type { LocalSchedule } from './template/schedules.ts';

export interface Scheduler {
  readonly stop: () => Promise<void>;
}

/** Invokes functions on the template's schedules, each for the first time after one interval. Nothing waits for a result. */
export function startScheduler(
  schedules: readonly LocalSchedule[],
  invoke: (target: FunctionConfig, payload: string) => Promise<InvokeResult>,
  log: (line: string) => void,
): Scheduler {
  const timers = schedules.map(({ everyMs, payload, target }) =>
    setInterval(() => {
      invoke(target, payload).then(
        (result) => (result.ok ? undefined : log(`[${target.name}] ${result.error.errorType} on its schedule`)),
        (error: unknown) =>
          log(`[${target.name}] not invoked: ${error instanceof Error ? error.message : String(error)}`),
      );
    }, everyMs),
  );
  return {
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      return Promise.resolve();
    },
  };
}
