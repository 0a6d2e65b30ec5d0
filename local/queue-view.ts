import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Wiring } from './sources.ts';

/** Messages of a source's queue and dead-letter queue. */
export interface QueueView {
  readonly visible: number;
  readonly inFlight: number;
  readonly deadLetters: number;
}

export interface QueuesView {
  readonly sources: Readonly<Record<string, QueueView>>;
  readonly quarantine: number;
}

/** How many messages wait where. */
export async function listQueues(client: SQSClient, { sources, quarantineUrl }: Wiring): Promise<QueuesView> {
  const depths = async (url: string) => {
    const names = { QueueUrl: url, AttributeNames: ['All' as const] };
    const { Attributes: attributes = {} } = await client.send(new GetQueueAttributesCommand(names));
    return {
      visible: Number(attributes.ApproximateNumberOfMessages),
      inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible),
      redrivePolicy: attributes.RedrivePolicy,
    };
  };
  const total = ({ visible, inFlight }: { visible: number; inFlight: number }): number => visible + inFlight;
  const viewOf = async (queueUrl: string): Promise<QueueView> => {
    const { visible, inFlight, redrivePolicy } = await depths(queueUrl);
    const deadLetterUrl = redrivePolicy === undefined ? undefined : siblingUrl(queueUrl, redrivePolicy);
    return { visible, inFlight, deadLetters: deadLetterUrl === undefined ? 0 : total(await depths(deadLetterUrl)) };
  };
  return {
    sources: Object.fromEntries(
      await Promise.all(sources.map(async ({ name, queueUrl }) => [name, await viewOf(queueUrl)] as const)),
    ),
    quarantine: total(await depths(quarantineUrl)),
  };
}

/** The URL of the queue that a redrive policy names, which lies beside this one. */
function siblingUrl(queueUrl: string, redrivePolicy: string): string {
  const { deadLetterTargetArn } = JSON.parse(redrivePolicy) as { deadLetterTargetArn: string };
  return queueUrl.replace(/[^/]+$/, deadLetterTargetArn.slice(deadLetterTargetArn.lastIndexOf(':') + 1));
}
