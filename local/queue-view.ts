import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { LocalTarget, Wiring } from './sources.ts';

/** How many messages the queues of a target hold. */
export interface TargetQueueView {
  readonly visible: number;
  readonly inFlight: number;
  readonly deadLetters: number;
}

/** How many messages a source's queues hold. */
export interface QueueView extends TargetQueueView {
  readonly quarantine: number;
}

export interface QueuesView {
  readonly sources: Readonly<Record<string, QueueView>>;
  /** By names such as `osigu.billing`. */
  readonly targets: Readonly<Record<string, TargetQueueView>>;
  /** The sum over the sources. */
  readonly quarantine: number;
}

/** Counts the messages that wait in each queue. */
export async function listQueues(client: SQSClient, { sources, targets }: Wiring): Promise<QueuesView> {
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
  const viewOf = async ({ queueUrl }: LocalTarget): Promise<TargetQueueView> => {
    const { visible, inFlight, redrivePolicy } = await depths(queueUrl);
    const deadLetterUrl = redrivePolicy === undefined ? undefined : siblingUrl(queueUrl, redrivePolicy);
    const deadLetters = deadLetterUrl === undefined ? 0 : total(await depths(deadLetterUrl));
    return { visible, inFlight, deadLetters };
  };
  const [views, targetViews] = await Promise.all([
    Promise.all(
      sources.map(async (source) => {
        const quarantine = total(await depths(source.quarantineUrl));
        return [source.name, { ...(await viewOf(source)), quarantine }] as const;
      }),
    ),
    Promise.all(targets.map(async (target) => [target.name, await viewOf(target)] as const)),
  ]);
  return {
    sources: Object.fromEntries(views),
    targets: Object.fromEntries(targetViews),
    quarantine: views.reduce((sum, [, { quarantine }]) => sum + quarantine, 0),
  };
}

/** The URL of the queue that a redrive policy names, which is beside this one. */
function siblingUrl(queueUrl: string, redrivePolicy: string): string {
  const { deadLetterTargetArn } = JSON.parse(redrivePolicy) as { deadLetterTargetArn: string };
  return queueUrl.replace(/[^/]+$/, deadLetterTargetArn.slice(deadLetterTargetArn.lastIndexOf(':') + 1));
}
