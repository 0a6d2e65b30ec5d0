import { LIST_SHARDS } from '../../lambdas/contract.ts';

/** A quota of AWS, as of {@link AS_OF}: of an account in us-east-1, or of one resource. */
export interface Quota {
  readonly service: string;
  readonly what: string;
  /** The value before AWS is asked for more. */
  readonly limit: number;
  readonly unit: string;
  /** The scope of the count: all sources of the account together, or each source, and each target as if it were one. */
  readonly of: 'account' | 'source';
  /** Whether AWS raises it on request; if not, what to do about it. */
  readonly more: string;
  readonly page: string;
}

/** The month as of which the quotas were put down. They change, seldom downwards: compare the pages before you rely on one. */
export const AS_OF = 'June 2025';

const docs = (path: string): string => `https://docs.aws.amazon.com/${path}`;

export const QUOTAS = {
  apiRequests: {
    ...{ service: 'API Gateway', what: 'requests', limit: 10_000, unit: 'a second', of: 'account' },
    more: 'ask AWS (Service Quotas, "Throttle rate")',
    page: docs('apigateway/latest/developerguide/limits.html'),
  },
  routeThrottle: {
    ...{ service: 'API Gateway', what: 'requests to one source', limit: 200, unit: 'a second', of: 'source' },
    more: 'set `throttle.requestsPerSecond`: it is the gateway’s own setting',
    page: docs('apigateway/latest/developerguide/api-gateway-request-throttling.html'),
  },
  addressLimit: {
    ...{ service: 'WAF', what: 'requests of one source, all from one address', limit: 10, unit: 'a second' },
    ...{ of: 'source', more: 'raise `waf.requestsPerAddress`, or give the source an `allowList`' },
    page: docs('waf/latest/developerguide/waf-rule-statement-type-rate-based.html'),
  },
  concurrency: {
    ...{ service: 'Lambda', what: 'executions at a time', limit: 1_000, unit: '', of: 'account' },
    more: 'ask AWS (Service Quotas, "Concurrent executions")',
    page: docs('lambda/latest/dg/gettingstarted-limits.html'),
  },
  invocations: {
    ...{ service: 'Lambda', what: 'invocations', limit: 10_000, unit: 'a second', of: 'account' },
    more: 'ask AWS for more concurrent executions: each brings ten invocations a second',
    page: docs('lambda/latest/dg/lambda-concurrency.html'),
  },
  processors: {
    ...{ service: 'Lambda', what: 'batches of one source under way', limit: 10, unit: '', of: 'source' },
    more: 'set `processor.maxConcurrency`: it is the gateway’s own setting',
    page: docs('lambda/latest/dg/services-sqs-scaling.html'),
  },
  targetBatches: {
    ...{ service: 'Lambda', what: 'batches of one target under way', limit: 10, unit: '', of: 'source' },
    more: 'have the target answer sooner, lower its `timeoutSeconds`, or set `processor.maxConcurrency`',
    page: docs('lambda/latest/dg/services-sqs-scaling.html'),
  },
  tableWrites: {
    ...{ service: 'DynamoDB', what: 'write units of the ledger', limit: 40_000, unit: 'a second', of: 'account' },
    more: 'ask AWS (Service Quotas, "Table-level write throughput limit")',
    page: docs('amazondynamodb/latest/developerguide/ServiceQuotas.html'),
  },
  listWrites: {
    ...{ service: 'DynamoDB', what: 'places of one source in the list of events' },
    ...{ limit: 1_000 * LIST_SHARDS, unit: 'a second', of: 'source' },
    more: 'spread the events over several sources: a partition takes 1,000 writes a second',
    page: docs('amazondynamodb/latest/developerguide/bp-partition-key-design.html'),
  },
  kmsRequests: {
    ...{ service: 'KMS', what: 'requests', limit: 100_000, unit: 'a second', of: 'account' },
    more: 'ask AWS; in most other regions it is 10,000 to 50,000',
    page: docs('kms/latest/developerguide/requests-per-second.html'),
  },
  inFlight: {
    ...{ service: 'SQS', what: 'messages of one queue in flight', limit: 120_000, unit: '', of: 'source' },
    more: 'AWS raises it on request',
    page: docs('AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html'),
  },
  busEvents: {
    ...{ service: 'EventBridge', what: 'PutEvents', limit: 10_000, unit: 'a second', of: 'account' },
    more: 'ask AWS; in most other regions it is 2,400 or less',
    page: docs('eventbridge/latest/userguide/eb-quota.html'),
  },
  objects: {
    ...{ service: 'S3', what: 'objects under one prefix of the archive', limit: 3_500, unit: 'a second', of: 'source' },
    more: 'S3 splits a busy prefix by itself, within minutes',
    page: docs('AmazonS3/latest/userguide/optimizing-performance.html'),
  },
  logEvents: {
    ...{ service: 'CloudWatch', what: 'calls that write logs', limit: 5_000, unit: 'a second', of: 'account' },
    more: 'ask AWS (Service Quotas, "PutLogEvents")',
    page: docs('AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html'),
  },
} as const satisfies Record<string, Quota>;

export type QuotaName = keyof typeof QUOTAS;
