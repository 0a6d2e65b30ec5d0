import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { toDelivery, toProxyResult } from '../adapters/api-gateway.ts';
import type { Telemetry } from '../adapters/observer.ts';
import type { ReceivePorts } from '../core/receive/receive.ts';
import { receive } from '../core/receive/receive.ts';
import type { Source } from '../core/source.ts';

/** The handler that answers the deliveries of a source: from API Gateway's event to its proxy answer. */
export const responder = (source: Source, { logger, metrics }: Omit<Telemetry, 'observer'>, ports: ReceivePorts) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(logMetrics(metrics))
    .handler(async (event) => toProxyResult(await receive(toDelivery(event), source, ports)));
