import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf, newItem } from '../../../lambdas/adapters/ledger-item.ts';
import { unlessRefused } from '../../../lambdas/adapters/unless-refused.ts';
import { LEDGER } from '../../../lambdas/contract.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { sourceNamed } from '../../sources.ts';
import type { Ops } from '../ops.ts';
import { readRecord } from '../ledger-record.ts';
import { ledgerTable } from '../source-parts.ts';
import { operatorName } from '../operator-name.ts';

export type Decision = 'release' | 'drop';

/**
 * The ledger's answer to a decision. `decided`: it is made, now or before. `processed`: it was made before, and the event has been
 * processed since. `refused`: the event is not open to it, as after the opposite decision.
 */
export type Decided = 'decided' | 'processed' | 'refused';

/** The changes that each decision makes to the ledger item: its status, and the attributes that say when and by whom. */
const MARKS = {
  release: { status: 'QUEUED', at: 'releasedAt', by: 'releasedBy', other: 'droppedAt' },
  drop: { status: 'QUARANTINED', at: 'droppedAt', by: 'droppedBy', other: 'releasedAt' },
} as const;

/**
 * Writes a person's decision on the ledger item, before anything is done about the message. Run again after a crash between
 * the two, it finds its own decision. An event that the ledger has forgotten meanwhile is written again, with the decision.
 */
export async function decide(ops: Ops, event: QueuedEvent, decision: Decision): Promise<Decided> {
  const { status, at, by, other } = MARKS[decision];
  const dynamo = ops.gateway.client(DynamoDBClient);
  const table = ledgerTable(ops);
  const [now, who] = [new Date(ops.clock()).toISOString(), await operatorName(ops)];
  const updated = await unlessRefused(
    dynamo.send(
      new UpdateItemCommand({
        ...{ TableName: table, Key: keyOf(event) },
        UpdateExpression: `SET #status = :status, ${at} = if_not_exists(${at}, :at), ${by} = if_not_exists(${by}, :by)`,
        ConditionExpression: `#status IN (:pending, :quarantined) AND attribute_not_exists(${other})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':status': { S: status },
          ':at': { S: now },
          ':by': { S: who },
          ':pending': { S: 'PENDING' },
          ':quarantined': { S: 'QUARANTINED' },
        },
      }),
    ),
  );
  if (updated) return 'decided';

  const record = await readRecord(ops, event);
  if (record) {
    if (record[at] === undefined) return 'refused';
    return record.status === 'PROCESSED' ? 'processed' : 'decided';
  }
  const { windowSeconds } = sourceNamed(event.source, ops.config.sources);
  const item = newItem(event, status, Math.floor(ops.clock() / 1000) + windowSeconds);
  const put = new PutItemCommand({
    TableName: table,
    Item: { ...keyOf(event), ...item, [at]: { S: now }, [by]: { S: who }, deliveries: { N: '1' } },
    ConditionExpression: `attribute_not_exists(${LEDGER.partitionKey})`,
  });
  return (await unlessRefused(dynamo.send(put))) ? 'decided' : 'refused';
}
