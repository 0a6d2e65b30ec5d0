import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import process from 'node:process';
import type { Reports, Runner } from '../core/process/runner.ts';
import { endFamily, FAMILY_MARK } from './runner-family.ts';
import type { Family } from './runner-family.ts';
import { isRunnerMessage, tell } from './runner-messages.ts';
import type { RunMessage } from './runner-messages.ts';
import { watchStderr } from './runner-stderr.ts';

/** Of the function's memory, what the heap of a handler may take: the rest is the function's own, with a batch in it. */
const HEAP_SHARE = 0.5;

/** A runner that outlives a batch: the next one has it report elsewhere. */
export interface RunnerProcess extends Runner {
  /** Resolves when it has ended, whatever the cause. */
  readonly ended: Promise<unknown>;
  /** Its process and those that its handler has started; undefined once it has ended. */
  readonly family: Family | undefined;
  /** Has it report to somebody else from now on. */
  reportTo(reports: Reports): void;
  /** Ends it because the function's memory runs out. */
  endForMemory(): void;
}

/**
 * Starts a process that loads the customer's handler. `memoryMb` is the function's memory, `file` the code of the process. It leads
 * a group, so that the processes which the handler starts end with it, whatever ends it.
 */
export function startRunner(memoryMb: number, file: string): RunnerProcess {
  const mark = randomUUID();
  const child = fork(file, {
    detached: true,
    env: { ...process.env, [FAMILY_MARK]: mark },
    execArgv: [`--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE)}`],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let reports: Reports | undefined;
  let isReady = false;
  let reason: string | undefined;
  child.on('message', (message: unknown) => {
    // The handler may send messages of its own: nobody here waits for them.
    if (!isRunnerMessage(message)) return;
    if (message.kind === 'console') console[message.level](...message.args);
    else if (message.kind === 'fatal') reason = message.reason;
    else {
      if (message.kind === 'ready') isReady = true;
      tell(message, reports);
    }
  });
  let family = child.pid === undefined ? undefined : { pid: child.pid, mark };
  const endAll = (): void => {
    if (family) endFamily(family);
  };
  child.once('exit', () => {
    endAll();
    // From now on the system may give its id to another process.
    family = undefined;
  });
  let hasEnded = false;
  const ended = endOf(child).then((how) => {
    hasEnded = true;
    reason ??= how;
    reports?.ended(reason);
  });

  const end = async (): Promise<void> => {
    endAll();
    await ended;
  };
  return {
    ended,
    end,
    get family() {
      return family;
    },
    endForMemory() {
      reason = 'out_of_memory';
      void end();
    },
    reportTo(others) {
      reports = others;
      if (hasEnded) queueMicrotask(() => others.ended(reason ?? 'handler_exited'));
      else if (isReady) queueMicrotask(() => others.ready());
    },
    run(place, event) {
      isReady = false;
      const message: RunMessage = { place, event, trace: process.env._X_AMZN_TRACE_ID };
      child.send(message, () => undefined);
    },
  };
}

/**
 * Resolves when a process has ended and its last messages have been read, to the reason for the events that it had. V8 aborts a
 * process whose heap is full, and says so; anything else may abort it too.
 */
async function endOf(child: ChildProcess): Promise<string> {
  const disconnected = once(child, 'disconnect');
  const isOutOfMemory = watchStderr(child.stderr);
  const how = await new Promise<string>((resolve) => {
    child.once('error', () => resolve('handler_not_started'));
    child.once('exit', (_code, signal) => resolve(signal === 'SIGABRT' ? 'handler_aborted' : 'handler_exited'));
  });
  if (child.connected) await disconnected;
  return how === 'handler_aborted' && (await isOutOfMemory()) ? 'out_of_memory' : how;
}
