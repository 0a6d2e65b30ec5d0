import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * The fields of the access log: who asked for which route, and what came of it. No header, no query string, no body,
 * and the route as it is defined, not the path as it was sent: a signature can stand in each of these. An error is told by its
 * kind and statuses, not by the function's message.
 */
const FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  lambdaStatus: '$context.integration.status',
  functionStatus: '$context.integration.integrationStatus',
  gatewayResponse: '$context.error.responseType',
  wafStatus: '$context.wafResponseCode',
  tlsVersion: '$context.tlsVersion',
} as const;

/** @param gateway its name, by which the metrics that are counted in these lines are told from another gateway's */
export const accessLogFormat = (gateway: string): AccessLogFormat =>
  AccessLogFormat.custom(JSON.stringify({ gateway, ...FIELDS }));
