import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import { keyOf } from '../../../lambdas/adapters/ledger-item.ts';
import { sqsQueue } from '../../../lambdas/adapters/queue.ts';
import { unlessRefused } from '../../../lambdas/adapters/unless-refused.ts';
import { LEDGER } from '../../../lambdas/contract.ts';
import type { ReprocessOrder } from '../../../lambdas/core/event.ts';
import { withBody } from '../../../lambdas/core/large-body.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import type { Action, Ops } from '../command.ts';
import { readRecord } from '../ledger-record.ts';
import type { Report } from '../output.ts';
import { ledgerTable, queuesOf } from '../source-parts.ts';
import { operatorName } from '../who.ts';
import { archiveReader } from './archive.ts';
import { selected } from './select.ts';
import type { ReplayOptions } from './select.ts';

/** Events between two lines of progress. */
const PROGRESS = 100;

/** `ops replay <source>`: processed events again, from the archive. */
export const replayCommand = (action: Action): Command =>
  new Command('replay')
    .description('Has processed events processed again, from the archive. Handlers get the same event keys again.')
    .argument('<source>', 'a source of hookgate.config.ts')
    .option('--key <key>', 'one event')
    .option('--from <time>', 'all that was processed from then on: 2026-03-01T09:00:00Z')
    .option('--to <time>', 'and before then')
    .option('--dry-run', 'count them, and do nothing')
    .action(action(replay));

/**
 * Puts archived events into their queue, each with the order to process it again: the processor carries an order out once, also
 * after the dead-letter queue. The ledger item says who asked for it and when, before the message is sent.
 */
export async function replay(ops: Ops, source: string, options: ReplayOptions): Promise<Report> {
  const { queueUrl } = await queuesOf(source, ops);
  const archive = archiveReader(ops.target);
  const queue = sqsQueue(queueUrl, ops.target.client(SQSClient), archive.bodies);
  const order: ReprocessOrder = {
    id: ops.newId(),
    at: new Date(ops.clock()).toISOString(),
    by: await operatorName(ops),
  };
  const [replayed, skipped]: [string[], string[]] = [[], []];
  for await (const event of selected(ops, source, options, archive)) {
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
  const done = options.dryRun ? 'would be processed again' : 'are in the queue, to be processed again';
  return {
    text: [
      `${replayed.length} events of ${source} ${done}.`,
      ...(skipped.length > 0
        ? [`${skipped.length} are left out: they were not processed (redrive them), or another event stands for them.`]
        : []),
    ].join('\n'),
    data: { source, order: order.id, replayed, skipped, dryRun: options.dryRun ?? false },
    ok: replayed.length > 0,
  };
}

/** Whether there is anything to do again. What the ledger has forgotten was processed, or archived for nothing. */
async function isProcessed(ops: Ops, event: QueuedEvent): Promise<boolean> {
  const record = await readRecord(ops, event);
  return record === undefined || (record.status === 'PROCESSED' && record.copyOf === undefined);
}

/** Writes the order on the ledger item, where there is one. */
async function recordOrder(ops: Ops, event: QueuedEvent, { at, by }: ReprocessOrder): Promise<void> {
  const update = new UpdateItemCommand({
    ...{ TableName: ledgerTable(ops), Key: keyOf(event) },
    UpdateExpression: 'SET replayRequestedAt = :at, replayRequestedBy = :by',
    ConditionExpression: `attribute_exists(${LEDGER.partitionKey})`,
    ExpressionAttributeValues: { ':at': { S: at }, ':by': { S: by } },
  });
  await unlessRefused(ops.target.client(DynamoDBClient).send(update));
}
