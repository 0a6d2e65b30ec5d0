import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One event, as the inspection shows it. */
export interface EventView {
  readonly source: string | undefined;
  readonly key: string | undefined;
  readonly type: string | undefined;
  readonly status: string | undefined;
  readonly deliveries: number;
  /** ISO 8601: when the first delivery came. */
  readonly receivedAt: string | undefined;
  /** ISO 8601; absent if the event is not processed yet. */
  readonly processedAt: string | undefined;
}

/** The events in the ledger, of one source or of all, in the order in which they came. */
export async function listEvents(client: DynamoDBClient, table: string, source: string | null): Promise<EventView[]> {
  const events: EventView[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of page.Items ?? []) if (item.eventKey) events.push(toView(item));
  }
  return events
    .filter((event) => source === null || event.source === source)
    .sort((a, b) => (a.receivedAt ?? '').localeCompare(b.receivedAt ?? ''));
}

const toView = (item: Readonly<Record<string, AttributeValue>>): EventView => ({
  source: item.source?.S,
  key: item.eventKey?.S,
  type: item.eventType?.S,
  status: item.status?.S,
  deliveries: Number(item.deliveries?.N ?? 0),
  receivedAt: item.firstReceivedAt?.S,
  processedAt: item.processedAt?.S,
});
