import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { DEAD_LETTER } from '../contract.ts';
import { processGuarded } from '../core/process/guarded.ts';
import { splitBatches } from '../core/process/split.ts';
import { logger, metrics, portsOf, repairDeadLetters, splitPortsOf } from './compose.ts';
import type { Invocation } from './compose.ts';

/** Processes a batch of one source's queue. Returns which messages must come back. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async ({ Records }, context) => {
    const records = Records.map((record) => {
      const { messageId: id, body: text, receiptHandle: receipt, attributes } = record;
      const { ApproximateReceiveCount: receives, SentTimestamp: sentAt } = attributes;
      const seen = { receives: Number(receives), sentAt: Number(sentAt), receipt };
      return { id, text, ...seen, wasRepaired: wasRepaired(record) };
    });
    const invocation: Invocation = {
      requestId: context.awsRequestId,
      remainingMs: () => context.getRemainingTimeInMillis(),
      receipts: new Map(Records.map(({ messageId, receiptHandle }) => [messageId, receiptHandle] as const)),
    };
    const splitPorts = await splitPortsOf(invocation);
    const { events, failed } = splitPorts ? await splitBatches(records, splitPorts) : { events: records, failed: [] };
    const left = [...failed, ...(await processGuarded(events, portsOf(invocation)))];
    await repairDeadLetters(invocation);
    return { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) };
  });

/** Whoever invokes the function by hand may leave the attributes out. */
const wasRepaired = ({ messageAttributes }: Partial<SQSRecord>): boolean =>
  messageAttributes?.[DEAD_LETTER.repaired] !== undefined;
