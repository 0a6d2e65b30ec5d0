import type { EnvironmentBudget, Resting } from './environment-budget.ts';
import { startEnvironment } from './execution-environment.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';
import { MAX_REQUEST_BYTES } from './function-config.ts';
import type { FunctionConfig, FunctionError, InvokeResult, LambdaHost } from './function-config.ts';
import { InitError } from './runtime-api.ts';

/** A function that can be invoked, on as many processes as it has invocations at a time, up to a limit. */
export interface LocalFunction {
  readonly config: FunctionConfig;
  /** Invokes the function with a JSON text. Waits while every execution environment is busy. Never rejects. */
  invoke(payload: string): Promise<InvokeResult>;
  /** The environment variables that a new process gets. */
  variables(): Readonly<Record<string, string>>;
  /**
   * Changes the environment variables: as in Lambda, every later invocation runs in a process that has them, and those under
   * way end where they are.
   */
  update(variables: Readonly<Record<string, string>>): void;
  /**
   * Ends its processes at once, as a crash would; the next invocation starts a new one. Resolves to the payloads of the
   * invocations that were under way.
   */
  crash(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** An execution environment without an invocation. */
interface Idle extends Resting {
  readonly environment: ExecutionEnvironment;
}

/** An invocation that waits for an execution environment. */
interface Waiting {
  readonly payload: string;
  readonly resolve: (result: InvokeResult) => void;
  /** Since when, as `performance.now()` has it. */
  readonly since: number;
}

/**
 * An invocation waits for a process at work about as long as a new one would take to start, and only then is one started: most
 * invocations take ten milliseconds, a start takes hundreds, and under load seconds. In milliseconds, at least and at most.
 */
const PATIENCE_MS = { least: 100, most: 2_000 };

/** A function whose processes start when they are first needed. */
export function localFunction(config: FunctionConfig, host: LambdaHost, budget: EnvironmentBudget): LocalFunction {
  const queue: Waiting[] = [];
  /** The one that was used last comes last. */
  const idle: Idle[] = [];
  const all = new Set<ExecutionEnvironment>();
  /** Those of an older configuration that still run an invocation. */
  const retired = new Set<ExecutionEnvironment>();
  const starting = new Set<Promise<void>>();
  /** How many have answered and are about to be idle. */
  let returning = 0;
  let variables = config.environment;
  let stopped = false;

  let patienceMs = PATIENCE_MS.least;
  /** Runs when the next invocation will have waited for long enough. */
  let growth: NodeJS.Timeout | undefined;

  const runQueued = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const free = idle.pop();
      const waiting = queue.shift();
      if (!free || !waiting) continue;
      budget.wake(free);
      void runOn(free.environment, waiting);
    }
    const room = config.maxEnvironments - all.size - starting.size;
    const now = performance.now();
    const isFirst = all.size + starting.size === 0;
    // The one that has waited the longest comes first.
    const notYet = queue.findIndex(({ since }, place) => now - since < patienceMs && !(isFirst && place === 0));
    const overdue = notYet < 0 ? queue.length : notYet;
    for (let missing = Math.min(overdue - starting.size - returning, room); missing > 0; missing--) grow();
    const next = queue[overdue];
    if (next) growLater(next.since + patienceMs - now);
  };

  const growLater = (milliseconds: number): void => {
    growth ??= setTimeout(() => {
      growth = undefined;
      runQueued();
    }, milliseconds);
  };

  const runOn = async (environment: ExecutionEnvironment, { payload, resolve }: Waiting): Promise<void> => {
    const result = await environment.invoke(payload);
    returning++;
    resolve(result);
    await environment.idle();
    returning--;
    if (all.has(environment)) runOrRest(environment);
    else if (retired.delete(environment)) await environment.stop();
    runQueued();
  };

  /** Waiting invocations go first: an environment that rests may be ended at once to make room. */
  const runOrRest = (environment: ExecutionEnvironment): void => {
    const waiting = queue.shift();
    if (waiting) void runOn(environment, waiting);
    else rest(environment);
  };

  const rest = (environment: ExecutionEnvironment): void => {
    const free: Idle = {
      environment,
      end() {
        idle.splice(idle.indexOf(free), 1);
        all.delete(environment);
        void environment.stop();
      },
    };
    idle.push(free);
    budget.rest(free);
  };

  const add = (environment: ExecutionEnvironment): void => {
    all.add(environment);
    runOrRest(environment);
    void environment.ended.then(() => {
      all.delete(environment);
      const free = idle.find((each) => each.environment === environment);
      if (free) {
        idle.splice(idle.indexOf(free), 1);
        budget.wake(free);
      }
      if (!stopped) runQueued();
    });
  };

  /** Starts one more environment. One that cannot be initialized fails the invocation that has waited the longest. */
  const grow = (): void => {
    const start = startOne()
      .catch((error: unknown) => {
        const details = error instanceof InitError ? error.details : startError(error);
        host.log(config.name, `not initialized: ${details.errorType}: ${details.errorMessage}`);
        queue.shift()?.resolve({ ok: false, error: details });
      })
      .finally(() => {
        starting.delete(start);
        runQueued();
      });
    starting.add(start);
  };

  const isCurrent = (given: typeof variables): boolean => !stopped && given === variables;

  const startOne = async (): Promise<void> => {
    await budget.take();
    // Meanwhile another environment may have done the work.
    if (stopped || queue.length === 0) {
      budget.free();
      return;
    }
    const given = variables;
    const since = performance.now();
    try {
      const environment = await startEnvironment({ ...config, environment: given }, host);
      patienceMs = Math.min(Math.max(performance.now() - since, PATIENCE_MS.least), PATIENCE_MS.most);
      void environment.ended.then(() => budget.free());
      // Meanwhile the function may have been stopped or changed.
      if (isCurrent(given)) add(environment);
      else await environment.stop();
    } catch (error) {
      budget.free();
      throw error;
    }
  };

  return {
    config,
    invoke(payload) {
      if (stopped) return Promise.resolve({ ok: false, error: STOPPED });
      if (Buffer.byteLength(payload) > MAX_REQUEST_BYTES) return Promise.resolve({ ok: false, error: TOO_LARGE });
      return new Promise((resolve) => {
        queue.push({ payload, resolve, since: performance.now() });
        runQueued();
      });
    },
    variables: () => variables,
    update(changed) {
      variables = changed;
      const free = idle.splice(0);
      for (const each of free) {
        budget.wake(each);
        all.delete(each.environment);
        void each.environment.stop();
      }
      for (const environment of all) retired.add(environment);
      all.clear();
    },
    async crash() {
      const payloads = [...all].map(({ underWay }) => underWay).filter((payload) => payload !== undefined);
      await Promise.all([...all].map((environment) => environment.stop()));
      return payloads;
    },
    async stop() {
      stopped = true;
      clearTimeout(growth);
      for (const { resolve } of queue.splice(0)) resolve({ ok: false, error: STOPPED });
      await Promise.all([...all, ...retired].map((environment) => environment.stop()));
      await Promise.all(starting);
    },
  };
}

const startError = (error: unknown): FunctionError => ({
  errorType: 'ServiceException',
  errorMessage: error instanceof Error ? error.message : String(error),
});

const STOPPED: FunctionError = {
  errorType: 'ServiceException',
  errorMessage: 'the local gateway is stopping',
};

export const REQUEST_TOO_LARGE = 'RequestEntityTooLargeException';
const TOO_LARGE: FunctionError = {
  errorType: REQUEST_TOO_LARGE,
  errorMessage: `Request must be smaller than ${MAX_REQUEST_BYTES} bytes for the InvokeFunction operation`,
};
