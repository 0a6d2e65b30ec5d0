import { sqsDeadLetters } from '../adapters/dead-letters.ts';
import { sqsClient, sqsQueue } from '../adapters/queue.ts';
import { sqsRetries } from '../adapters/retries.ts';
import type { RetryQueues } from '../adapters/retries.ts';
import type { BodyStore } from '../core/ports.ts';
import type { FanOutTarget } from '../core/process/fan-out.ts';
import type { Retries } from '../core/process/failures.ts';
import type { DeadLetters } from '../core/process/repair.ts';
import type { SplitPorts } from '../core/process/split.ts';

/** A target in the settings of its source's processor. */
export interface TargetSettings extends Omit<FanOutTarget, 'queue'> {
  readonly queueUrl: string;
}

/** The queues of a source, as its processor uses them. */
export interface Queues {
  /** The delays and dead letters of a batch's failed tries; `receipts` are its messages' receipt handles by message id. */
  retries(receipts: ReadonlyMap<string, string>): Retries;
  /** The dead letters that may go back by themselves. */
  readonly deadLetters: DeadLetters;
  /** The queues of the source's targets. */
  targets(settings: readonly TargetSettings[], bodies: BodyStore): FanOutTarget[];
  /** Where the events of a delivery go once they are told apart. */
  split(quarantineUrl: string, bodies: BodyStore): Pick<SplitPorts, 'queue' | 'quarantine'>;
}

/** Loaded on demand, because no call of SQS is made for a batch of which every event is processed at its first try. */
export function openQueues(urls: RetryQueues): Queues {
  const sqs = sqsClient();
  return {
    deadLetters: sqsDeadLetters(sqs, urls),
    retries: (receipts) => sqsRetries(sqs, urls, receipts),
    targets: (settings, bodies) =>
      settings.map(({ queueUrl, ...target }) => ({ ...target, queue: sqsQueue(queueUrl, sqs, bodies) })),
    split: (quarantineUrl, bodies) => ({
      queue: sqsQueue(urls.queueUrl, sqs, bodies),
      quarantine: sqsQueue(quarantineUrl, sqs, bodies),
    }),
  };
}
