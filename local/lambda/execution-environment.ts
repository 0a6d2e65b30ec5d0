import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { errorCode } from '../../cli/operator-error.ts';
import type { FunctionConfig, FunctionError, InvokeResult, LambdaHost } from './function-config.ts';
import { processEnvironment } from './process-environment.ts';
import { InitError, startRuntimeApi } from './runtime-api.ts';

/** One process that runs one invocation at a time, like a sandbox of Lambda. */
export interface ExecutionEnvironment {
  /** Resolves when the process has ended, whatever the cause. */
  readonly ended: Promise<void>;
  /** The payload of the invocation under way. */
  readonly underWay: string | undefined;
  /** Resolves when the process waits for an invocation, or has ended. */
  idle(): Promise<unknown>;
  /** Runs an invocation. A time-out and a crash are outcomes; the process has then ended, or ends at once. */
  invoke(payload: string): Promise<InvokeResult>;
  stop(): Promise<void>;
}

/** Lambda's own limit for loading a function. */
const INIT_TIMEOUT_MS = 10_000;
/** Of the memory setting, what Lambda's own runtime leaves to the old and to the young objects of the heap. */
const OLD_SHARE = 0.9;
const YOUNG_SHARE = 0.05;

/** Starts a process and resolves when its handler is loaded. Rejects with an {@link InitError} if it cannot be loaded. */
export async function startEnvironment(config: FunctionConfig, host: LambdaHost): Promise<ExecutionEnvironment> {
  const api = await startRuntimeApi();
  const child = spawn(process.execPath, [...heapLimits(config.memoryMb), host.bootstrap], {
    cwd: config.codeDirectory,
    env: processEnvironment(config, host, api),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what the function has started ends with it.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) forwardLines(stream, (line) => host.log(config.name, line));
  const exited = new Promise<FunctionError>((resolve) => {
    child.once('exit', (code, signal) => resolve(exitError(code, signal)));
    child.once('error', ({ message }) => resolve({ errorType: 'ServiceException', errorMessage: message }));
  });
  const ended = exited.then(async () => {
    endGroup(child);
    await api.close();
  });

  const stop = async (): Promise<void> => {
    endGroup(child);
    await ended;
  };

  try {
    const failure = await firstOf(INIT_TIMEOUT_MS, exited, api.idle());
    if (failure === 'timeout') throw new InitError(timeoutError(INIT_TIMEOUT_MS, 'Init'));
    if (failure) throw new InitError(failure);
  } catch (error) {
    await stop();
    throw error;
  }

  let underWay: string | undefined;
  return {
    ended,
    stop,
    get underWay() {
      return underWay;
    },
    idle: () => Promise.race([api.idle(), ended]),
    async invoke(payload) {
      const requestId = randomUUID();
      const invocation = {
        requestId,
        payload,
        deadline: Date.now() + config.timeoutMs,
        functionArn: config.arn,
      };
      underWay = payload;
      const outcome = await firstOf(config.timeoutMs, exited, api.run(invocation));
      underWay = undefined;
      if (outcome === 'timeout') {
        await stop();
        return failed(timeoutError(config.timeoutMs, 'Task'), requestId);
      }
      return 'errorType' in outcome ? failed(outcome, requestId) : outcome;
    },
  };
}

/** Ends a process and every process that it has started, as Lambda ends an environment. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The group has ended already.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

const heapLimits = (memoryMb: number): string[] => [
  `--max-old-space-size=${Math.floor(memoryMb * OLD_SHARE)}`,
  `--max-semi-space-size=${Math.ceil(memoryMb * YOUNG_SHARE)}`,
];

/** Whatever comes first: the process's end, the result, or the end of the time. */
async function firstOf<Result>(
  milliseconds: number,
  exited: Promise<FunctionError>,
  result: Promise<Result>,
): Promise<Result | FunctionError | 'timeout'> {
  const { promise, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(resolve, milliseconds, 'timeout');
  try {
    return await Promise.race([result, exited, promise]);
  } finally {
    clearTimeout(timer);
  }
}

const failed = ({ errorType, errorMessage }: FunctionError, requestId: string): InvokeResult => ({
  ok: false,
  error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${errorMessage}` },
});

const exitError = (code: number | null, signal: string | null): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `Runtime exited with error: ${signal === null ? `exit status ${code ?? 0}` : `signal: ${signal}`}`,
});

const timeoutError = (milliseconds: number, what: 'Init' | 'Task'): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `${what} timed out after ${(milliseconds / 1000).toFixed(2)} seconds`,
});

const forwardLines = (stream: Readable, log: (line: string) => void): void => {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', log);
};
