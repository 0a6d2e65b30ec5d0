import { sqsClient, sqsQueue } from '../adapters/queue.ts';
import type { SplitPorts } from '../core/process/split.ts';
import type { BodyStore } from '../core/ports.ts';

/** Where the events of a delivery go once they are told apart. */
export interface SplitTargets {
  readonly queueUrl: string;
  readonly quarantineUrl: string;
  readonly bodies: BodyStore;
}

/**
 * The queues of a source, for a processor that tells the events of a delivery apart. Loaded only for a provider whose deliveries
 * carry several: no other processor sends a message.
 */
export function splitQueues({
  queueUrl,
  quarantineUrl,
  bodies,
}: SplitTargets): Pick<SplitPorts, 'queue' | 'quarantine'> {
  const sqs = sqsClient();
  return { queue: sqsQueue(queueUrl, sqs, bodies), quarantine: sqsQueue(quarantineUrl, sqs, bodies) };
}
