import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import type { Action, Ops } from './command.ts';
import { depthOf, send, sweep } from './messages.ts';
import type { Report } from './output.ts';
import { queuesOf } from './source-parts.ts';

/** Moved messages between two lines of progress. */
const PROGRESS = 100;

/** `ops redrive <source>`: dead letters back to the queue. */
export const redriveCommand = (action: Action): Command =>
  new Command('redrive')
    .description('Puts the dead letters of a source back into its queue, to be processed.')
    .argument('<source>', 'a source of hookgate.config.ts')
    .action(action(redrive));

/**
 * Moves the dead letters that are there now, each message exactly as it is: send, then delete. A crash between the two leaves a
 * copy, of which the processor handles one. SQS has a move of its own; this one shows its progress, needs no right to start
 * tasks, and is the same on one machine, where it is tested. No more are moved than there were at the start: what fails again
 * meanwhile is not moved in circles.
 */
export async function redrive(ops: Ops, source: string): Promise<Report> {
  const { queueUrl, deadLettersUrl } = await queuesOf(source, ops);
  const sqs = ops.target.client(SQSClient);
  const before = await depthOf(sqs, deadLettersUrl);
  const total = before.waiting + before.inFlight;
  // The count can lag behind: one batch is always looked for.
  const most = Math.max(total, 10);
  let sent = 0;
  const { length: moved } = await sweep(sqs, deadLettersUrl, most, async ({ text }) => {
    await send(sqs, queueUrl, text);
    if (++sent % PROGRESS === 0) ops.printError(`${sent} of ${total} moved`);
    return { seen: undefined, isDone: true };
  });
  const after = await depthOf(sqs, deadLettersUrl);
  const left = after.waiting + after.inFlight;
  return {
    text: [
      moved === 0 && left === 0
        ? `${source} has no dead letters.`
        : `${moved} dead letters of ${source} are back in its queue.`,
      ...(left > 0 ? [`${left} are in the dead-letter queue: somebody looks at them now, or they failed again.`] : []),
      ...(moved > 0 ? ['Next: see that they are processed: npm run ops -- status'] : []),
    ].join('\n'),
    data: { source, moved, left },
    ok: left === 0,
  };
}
