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
  const starting = new Set<Promise<void>>();
  let stopped = false;

  const runQueued = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const environment = idle.pop();
      const waiting = queue.shift();
      if (environment && waiting) void runOn(environment, waiting);
    }
    const room = config.maxEnvironments - all.size - starting.size;
    for (let missing = Math.min(queue.length - starting.size, room); missing > 0; missing--) grow();
  };

  const runOn = async (environment: ExecutionEnvironment, { payload, resolve }: Waiting): Promise<void> => {
    resolve(await environment.invoke(payload));
    await environment.idle();
    if (all.has(environment)) idle.push(environment);
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
    const start = startEnvironment(config, host)
      .then(async (environment) => (stopped ? environment.stop() : add(environment)))
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
    async stop() {
      stopped = true;
      for (const { resolve } of queue.splice(0)) resolve({ ok: false, error: STOPPED });
      await Promise.all([...all].map((environment) => environment.stop()));
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
