import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { busSource } from '../../lambdas/contract.ts';
import type { WebhookEvent } from '../../lambdas/core/event.ts';

/** The bus of the runs' stack: an effect there is counted like every other. */
const BUS = 'hookgate-soak';
const client = new EventBridgeClient();

/** The effect of a handler of the runs. Throws if it did not take place. */
export async function takeEffect({ source, key, type }: WebhookEvent): Promise<void> {
  const detail = { metadata: { source, key }, event: null };
  const entry = { EventBusName: BUS, Source: busSource(source), DetailType: type, Detail: JSON.stringify(detail) };
  const { Entries: [answer] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  if (answer?.ErrorCode !== undefined) throw new Error(answer.ErrorCode);
}
