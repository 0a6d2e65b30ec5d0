import { handleBatch } from '#handler';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { s3Archive } from '../adapters/archive.ts';
import { numberSetting, setting } from '../adapters/environment.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { s3Objects } from '../adapters/s3.ts';
import { archivePlace } from '../core/archive.ts';
import { processBatch } from '../core/process/process.ts';
import { bodies } from './bodies.ts';
import { STORE_BOUNDS } from '../adapters/clients.ts';

const clock = (): number => Date.now();
const source = setting('source');
const { observer, logger, metrics } = telemetry(source);
const ports = {
  clock,
  observer,
  handle: handleBatch,
  bodies,
  archive: s3Archive(s3Objects(setting('archiveBucket'), STORE_BOUNDS)),
  leaseMs: numberSetting('leaseSeconds') * 1000,
  ledger: dynamoLedger({ table: setting('ledgerTable'), windowSeconds: numberSetting('windowSeconds'), clock }),
};

/** Processes a batch of one source's queue, and answers which messages must come back. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async ({ Records }, { awsRequestId }) => {
    const records = Records.map(({ messageId, body }) => ({ id: messageId, text: body }));
    const archivedIn = archivePlace(source, clock(), awsRequestId);
    const failed = await processBatch(records, { ...ports, archivedIn, owner: awsRequestId });
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
