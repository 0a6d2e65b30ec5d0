import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { keyOf } from '../../../lambdas/adapters/ledger-item.ts';
import { sqsQueue } from '../../../lambdas/adapters/queue.ts';
import { unlessRefused } from '../../../lambdas/adapters/unless-refused.ts';
import { LEDGER } from '../../../lambdas/contract.ts';
import type { ReprocessOrder } from '../../../lambdas/core/event.ts';
import { withBody } from '../../../lambdas/core/large-body.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { afterQueued } from '../after-queued.ts';
import { lane } from '../inputs.ts';
import { readRecord } from '../ledger-record.ts';
import { operation } from '../operation.ts';
import { operatorName } from '../operator-name.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { ledgerTable, queuesOf } from '../source-parts.ts';
import { archiveReader } from './archive.ts';
import { selected } from './select.ts';
import type { ReprocessOptions } from './select.ts';
import { counted, isOrAre } from '../../text/counted.ts';

const input = z.object({
  source: lane,
  key: z.string().optional().describe('one event, by its key or the short id of a list'),
  from: z.string().optional().describe('all that was processed from this time on: 2026-03-01T09:00:00Z'),
  to: z.string().optional().describe('and before this time'),
  dryRun: z.boolean().default(false).describe('count them, and do nothing'),
});

const output = z.object({
  source: z.string(),
  order: z.string().describe('the id of the reprocess order'),
  replayed: z.array(z.string()).describe('event keys'),
  skipped: z.array(z.string()).describe('event keys of events that are not processed yet, or are copies'),
  dryRun: z.boolean(),
});

/** Events between two lines of progress. */
const PROGRESS = 100;

/** `ops replay <source>`: a reprocess order, for events that have been processed. */
export const replayOperation = operation({
  name: 'replay',
  summary:
    'Gives a reprocess order: processed events are processed again, from the archive. Handlers get the same event keys again.',
  ...{ input, output, positional: ['source'] },
  effect: 'changes',
  permissions: [
    ...['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Scan', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
    ...['sqs:SendMessage', 'kms:GenerateDataKey', 'kms:Decrypt'],
  ],
  run: (ops, { source: name, ...options }) => reprocess(ops, name, options),
});

/**
 * Puts archived events into their queue, each with the order to process it again: the processor carries an order out once, also
 * after the dead-letter queue. The ledger item says who gave the order and when, before the message is sent.
 */
export async function reprocess(
  ops: Ops,
  name: string,
  options: ReprocessOptions,
): Promise<Report<z.infer<typeof output>>> {
  const [{ queueUrl }, then] = await Promise.all([queuesOf(name, ops), afterQueued(ops, name)]);
  const archive = archiveReader(ops.gateway);
  const queue = sqsQueue(queueUrl, ops.gateway.client(SQSClient), archive.bodies);
  const order: ReprocessOrder = {
    id: ops.newId(),
    at: new Date(ops.clock()).toISOString(),
    by: await operatorName(ops),
  };
  const [replayed, skipped]: [string[], string[]] = [[], []];
  for await (const event of selected(ops, name, options, archive)) {
    if (!(await isProcessed(ops, event))) {
      skipped.push(event.key);
      continue;
    }
    replayed.push(event.key);
    if (options.dryRun) continue;
    const whole = await withBody(event, archive.bodies);
    if (!whole.ok) throw new Error(whole.reason);
    await recordOrder(ops, event, order);
    await queue.send({ ...whole.value, replay: order });
    if (replayed.length % PROGRESS === 0) ops.printError(`${replayed.length} events are in the queue`);
  }
  const done = options.dryRun
    ? 'would be processed again'
    : `${isOrAre(replayed.length)} in the queue, to be processed again`;
  return {
    text: [
      `${counted(replayed.length, 'event')} of ${name} ${done}.`,
      ...(skipped.length > 0
        ? [`${skipped.length} are left out: they were not processed (redrive them), or another event stands for them.`]
        : []),
      ...(replayed.length > 0 && !options.dryRun ? then : []),
    ],
    data: { source: name, order: order.id, replayed, skipped, dryRun: options.dryRun ?? false },
    ok: replayed.length > 0,
  };
}

/** Whether there is anything to do again. An event that the ledger has forgotten was processed, or archived for nothing. */
async function isProcessed(ops: Ops, event: QueuedEvent): Promise<boolean> {
  const record = await readRecord(ops, event);
  return record === undefined || (record.status === 'PROCESSED' && record.copyOf === undefined);
}

/** Writes the order on the ledger item, if there is one. */
async function recordOrder(ops: Ops, event: QueuedEvent, { at, by }: ReprocessOrder): Promise<void> {
  const update = new UpdateItemCommand({
    ...{ TableName: ledgerTable(ops), Key: keyOf(event) },
    UpdateExpression: 'SET replayRequestedAt = :at, replayRequestedBy = :by',
    ConditionExpression: `attribute_exists(${LEDGER.partitionKey})`,
    ExpressionAttributeValues: { ':at': { S: at }, ':by': { S: by } },
  });
  await unlessRefused(ops.gateway.client(DynamoDBClient).send(update));
}
