import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { keyOf } from '../../../lambdas/adapters/ledger-item.ts';
import { unlessRefused } from '../../../lambdas/adapters/unless-refused.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { dropped } from '../dropped.ts';
import { lane, selection as selected, yes } from '../inputs.ts';
import { readRecord } from '../ledger-record.ts';
import { operation } from '../operation.ts';
import { operatorName } from '../operator-name.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { selection } from '../select.ts';
import type { SelectOptions } from '../select.ts';
import { ledgerTable, queuesOf } from '../source-parts.ts';
import { dropMessages } from '../drop-messages.ts';
import { whyFailed } from './why.ts';

const input = z.object({ ...selected, source: lane, yes });

/** `ops dead-letters drop <source>`: gives events up whose processing failed. */
export const deadLettersDrop = operation({
  name: 'dead-letters drop',
  summary: 'Gives dead letters up for good: their events are not processed. Asks first.',
  ...{ input, output: dropped, positional: ['source', 'key'] },
  effect: 'changes',
  permissions: [
    ...['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
    ...['kms:Decrypt', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
  ],
  run: (ops, { source, key, ...options }) => dropDeadLetters(ops, source, key, options),
});

/**
 * Gives dead letters up: the ledger first says who did it and when, then the message is deleted. A crash between the two
 * leaves a message that can be dropped again. An event that a processor holds at this moment is left alone.
 */
export async function dropDeadLetters(
  ops: Ops,
  source: string,
  key: string | undefined,
  options: SelectOptions,
): Promise<Report<z.infer<typeof dropped>>> {
  const { deadLettersUrl } = await queuesOf(source, ops);
  const isMeant = selection(key, options);
  return dropMessages(ops, source, ops.gateway.client(SQSClient), deadLettersUrl, options, {
    isMeant: async (message, named) => isMeant(named, (await whyFailed(ops, message)).reason),
    giveUp: (event) => giveUp(ops, event),
    place: 'the dead-letter queue',
    refusal: (name) => `${name} is left: a processor holds it now. Look again in some minutes.`,
  });
}

/** Writes on the ledger item that the event was given up. Resolves to false if a processor holds it. */
async function giveUp(ops: Ops, event: QueuedEvent): Promise<boolean> {
  const update = new UpdateItemCommand({
    ...{ TableName: ledgerTable(ops), Key: keyOf(event) },
    UpdateExpression: 'SET givenUpAt = if_not_exists(givenUpAt, :at), givenUpBy = if_not_exists(givenUpBy, :by)',
    ConditionExpression: 'attribute_exists(#status) AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':at': { S: new Date(ops.clock()).toISOString() },
      ':by': { S: await operatorName(ops) },
      ':now': { N: String(ops.clock()) },
    },
  });
  if (await unlessRefused(ops.gateway.client(DynamoDBClient).send(update))) return true;
  // The ledger has forgotten an event that waited for longer than its window: there is nothing to write on.
  return (await readRecord(ops, event)) === undefined;
}
