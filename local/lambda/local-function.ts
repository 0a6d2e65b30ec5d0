import { startEnvironment } from './execution-environment.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';
import { MAX_REQUEST_BYTES } from './function-config.ts';
import type { FunctionConfig, FunctionError, InvokeResult, LambdaHost } from './function-config.ts';
import { InitError } from './runtime-api.ts';

/** A function that can be invoked, on as many processes as it has invocations at a time, up to a limit. */
export interface LocalFunction {
  readonly config: FunctionConfig;
  /** Invokes the function with a JSON text. Waits where every execution environment is busy. Never rejects. */
  invoke(payload: string): Promise<InvokeResult>;
  /** Starts a first execution environment where there is none, so that the first invocation finds it warm. */
  prewarm(): Promise<void>;
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

/** An invocation that waits for an execution environment. */
interface Waiting {
  readonly payload: string;
  readonly resolve: (result: InvokeResult) => void;
}

export function localFunction(config: FunctionConfig, host: LambdaHost): LocalFunction {
  const queue: Waiting[] = [];
  const idle: ExecutionEnvironment[] = [];
  const all = new Set<ExecutionEnvironment>();
  /** Those of an older configuration that still run an invocation. */
  const retired = new Set<ExecutionEnvironment>();
  const starting = new Set<Promise<void>>();
  /** How many have answered and are about to be idle. */
  let returning = 0;
  let variables = config.environment;
  let stopped = false;

  const runQueued = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const environment = idle.pop();
      const waiting = queue.shift();
      if (environment && waiting) void runOn(environment, waiting);
    }
    const room = config.maxEnvironments - all.size - starting.size;
    for (let missing = Math.min(queue.length - starting.size - returning, room); missing > 0; missing--) grow();
  };

  const runOn = async (environment: ExecutionEnvironment, { payload, resolve }: Waiting): Promise<void> => {
    const result = await environment.invoke(payload);
    returning++;
    resolve(result);
    await environment.idle();
    returning--;
    if (all.has(environment)) idle.push(environment);
    else if (retired.delete(environment)) await environment.stop();
    runQueued();
  };

  const add = (environment: ExecutionEnvironment): void => {
    all.add(environment);
    idle.push(environment);
    void environment.ended.then(() => {
      all.delete(environment);
      if (idle.includes(environment)) idle.splice(idle.indexOf(environment), 1);
      if (!stopped) runQueued();
    });
  };

  /** Starts one more environment. One that cannot be initialized fails the invocation that has waited the longest. */
  const grow = (): void => {
    const given = variables;
    const start = startEnvironment({ ...config, environment: given }, host)
      .then(async (environment) => (stopped || given !== variables ? environment.stop() : add(environment)))
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

  return {
    config,
    invoke(payload) {
      if (stopped) return Promise.resolve({ ok: false, error: STOPPED });
      if (Buffer.byteLength(payload) > MAX_REQUEST_BYTES) return Promise.resolve({ ok: false, error: TOO_LARGE });
      return new Promise((resolve) => {
        queue.push({ payload, resolve });
        runQueued();
      });
    },
    async prewarm() {
      if (all.size === 0 && starting.size === 0 && !stopped) grow();
      await Promise.all(starting);
    },
    variables: () => variables,
    update(changed) {
      variables = changed;
      const free = idle.splice(0);
      for (const environment of all) if (!free.includes(environment)) retired.add(environment);
      all.clear();
      for (const environment of free) void environment.stop();
    },
    async crash() {
      const payloads = [...all].map(({ underWay }) => underWay).filter((payload) => payload !== undefined);
      await Promise.all([...all].map((environment) => environment.stop()));
      return payloads;
    },
    async stop() {
      stopped = true;
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

const STOPPED: FunctionError = { errorType: 'ServiceException', errorMessage: 'the local gateway is stopping' };

export const REQUEST_TOO_LARGE = 'RequestEntityTooLargeException';
const TOO_LARGE: FunctionError = {
  errorType: REQUEST_TOO_LARGE,
  errorMessage: `Request must be smaller than ${MAX_REQUEST_BYTES} bytes for the InvokeFunction operation`,
};
