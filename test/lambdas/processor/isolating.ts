/**
 * Runs batches of events through a customer's handler as the processor does, in a process that has a function's memory. It is
 * told on its command line what to run, and prints what became of each event, and when.
 */
import { errorName } from '../../../lambdas/core/errors.ts';
import { makeEvent } from '../core/in-memory.ts';
import { toHandled } from '../../../lambdas/core/process/handle.ts';
import { isolated } from '../../../lambdas/processor/runner-pool.ts';

export interface Told {
  /** The runner's file, in a bundle. */
  readonly file: string;
  /** Milliseconds that each batch has. */
  readonly remainingMs: number;
  readonly batches: readonly (readonly TestEvent[])[];
}

export interface TestEvent {
  readonly key: string;
  readonly isRetry?: boolean;
  /** The body: this text, repeated up to so many bytes, within an array. Default: an empty object. */
  readonly repeat?: string;
  readonly bytes?: number;
}

export interface Became {
  readonly key: string;
  /** `done`, or the reason of the failure. */
  readonly outcome: string;
  /** Milliseconds since the start of its batch. */
  readonly after: number;
}

const MEMORY_MB = 1024;

const bodyOf = ({ repeat, bytes = 0 }: TestEvent): Buffer => {
  if (repeat === undefined) return Buffer.from('{}');
  const times = Math.floor(bytes / repeat.length);
  return Buffer.from(
    repeat === '[' ? `{"a":${'['.repeat(times / 2)}${']'.repeat(times / 2)}}` : `{"a":[${repeat.repeat(times)}0]}`,
  );
};

const { file, remainingMs, batches } = JSON.parse(process.argv[2] ?? '') as Told;
const makeHandler = isolated(MEMORY_MB, file);
const reports: Became[][] = [];
for (const events of batches) {
  const end = Date.now() + remainingMs;
  const begun = Date.now();
  const tasks = events.map((event) => ({
    event: toHandled(makeEvent({ key: event.key, body: bodyOf(event) })),
    isRetry: event.isRetry ?? false,
  }));
  const became = makeHandler(() => end - Date.now())(tasks).map(async (result, place) => {
    const outcome = await result.then(() => 'done', errorName);
    return { key: events[place]?.key ?? '', outcome, after: Date.now() - begun };
  });
  reports.push(await Promise.all(became));
}
process.stdout.write(`\nREPORT ${JSON.stringify(reports)}\n`, () => process.exit(0));
