import { handleBatch } from '#handler';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { numberSetting, setting } from '../adapters/environment.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { processBatch } from '../core/process.ts';

const clock = (): number => Date.now();
const { observer, logger, metrics } = telemetry(setting('source'));
const ports = {
  clock,
  observer,
  handle: handleBatch,
  leaseMs: numberSetting('leaseSeconds') * 1000,
  ledger: dynamoLedger({ table: setting('ledgerTable'), windowSeconds: numberSetting('windowSeconds'), clock }),
};

/** Processes a batch of one source's queue, and answers which messages must come back. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async ({ Records }, { awsRequestId }) => {
    const records = Records.map(({ messageId, body }) => ({ id: messageId, text: body }));
    const failed = await processBatch(records, { ...ports, owner: awsRequestId });
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
