import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { toDelivery, toProxyResult } from '../adapters/api-gateway.ts';
import { setting } from '../adapters/environment.ts';
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
const ports = {
  clock,
  observer,
  secrets: cachedSecrets({ secretArn: setting('secretArn'), clock }),
  ledger: dynamoLedger({ table: setting('ledgerTable'), windowSeconds: source.windowSeconds, clock }),
  queue: sqsQueue(setting('queueUrl'), sqs),
  quarantine: sqsQueue(setting('quarantineUrl'), sqs),
};

/** Answers one delivery of one source. */
export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async (event) => toProxyResult(await receive(toDelivery(event), source, ports)));
