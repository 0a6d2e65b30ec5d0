import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { toDelivery, toProxyResult } from '../../lambdas/adapters/api-gateway.ts';
import { dynamoLedger } from '../../lambdas/adapters/ledger.ts';
import { telemetry } from '../../lambdas/adapters/observer.ts';
import { sqsQueue } from '../../lambdas/adapters/queue.ts';
import { cachedSecrets } from '../../lambdas/adapters/secrets.ts';
import { receive } from '../../lambdas/core/receive/receive.ts';
import type { Source } from '../../lambdas/core/source.ts';
import type { Clients } from './clients.ts';

export type Handle = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

const clock = (): number => Date.now();
const CONTEXT = {
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
  memoryLimitInMB: '1024',
  awsRequestId: '11111111-2222-4333-8444-555555555555',
  getRemainingTimeInMillis: () => 9000,
} as Context;

/** A verifier, composed as lambdas/verifier/handler.ts composes it, on these clients. */
export function verifier(source: Source, { dynamo, sqs, secrets }: Clients): Handle {
  const { observer, logger, metrics } = telemetry(source.name, 'hookgate-test');
  const bodies = { put: () => Promise.reject(new Error('no body here is too large for a message')) };
  const ports = {
    clock,
    observer,
    secrets: cachedSecrets({ secretArn: 'bench', previousGraceMs: 3_600_000, clock, observer, client: secrets }),
    ledger: dynamoLedger({ table: 'bench', windowSeconds: source.windowSeconds, clock, client: dynamo }),
    queue: sqsQueue('https://sqs.us-east-1.amazonaws.com/123456789012/bench', sqs, bodies),
    quarantine: sqsQueue('https://sqs.us-east-1.amazonaws.com/123456789012/quarantine', sqs, bodies),
  };
  const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(logMetrics(metrics))
    .handler(async (event) => toProxyResult(await receive(toDelivery(event), source, ports)));
  return (event) => handler(event, CONTEXT);
}

/** Middy and Powertools around nothing but the metrics of an accepted event. */
export function frame(source: Source): Handle {
  const { observer, logger, metrics } = telemetry(source.name, 'hookgate-test');
  const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(logMetrics(metrics))
    .handler(() => {
      observer.received();
      observer.verified('current');
      observer.enqueued();
      observer.accepted();
      observer.acknowledged(1);
      return Promise.resolve({ statusCode: 200, headers: {}, body: '' });
    });
  return (event) => handler(event, CONTEXT);
}
