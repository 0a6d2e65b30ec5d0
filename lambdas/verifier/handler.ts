import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { toDelivery, toProxyResult } from '../adapters/api-gateway.ts';
import { numberSetting, setting } from '../adapters/environment.ts';
import { lazyBodyStore } from '../adapters/lazy-body-store.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { sqsClient, sqsQueue } from '../adapters/queue.ts';
import { cachedSecrets } from '../adapters/secrets.ts';
import { sourceFromEnvironment } from '../adapters/source.ts';
import { receive } from '../core/receive.ts';

const clock = (): number => Date.now();
const source = sourceFromEnvironment();
const { observer, logger, metrics } = telemetry(source.name);
const sqs = sqsClient();
const bodies = lazyBodyStore(setting('bodyBucket'));
const ports = {
  clock,
  observer,
  secrets: cachedSecrets({
    secretArn: setting('secretArn'),
    previousGraceMs: numberSetting('previousGraceSeconds', 0) * 1000,
    clock,
    observer,
  }),
  ledger: dynamoLedger({ table: setting('ledgerTable'), windowSeconds: source.windowSeconds, clock }),
  queue: sqsQueue(setting('queueUrl'), sqs, bodies),
  quarantine: sqsQueue(setting('quarantineUrl'), sqs, bodies),
};

/** Answers one delivery of one source. */
export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async (event) => toProxyResult(await receive(toDelivery(event), source, ports)));
