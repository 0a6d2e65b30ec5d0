import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { archivePrefix } from '../../lambdas/core/archive.ts';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import type { ProcessingSettings } from '../../lambdas/core/process/settings.ts';
import type { HookgateConfig, SourceConfig } from '../config/config.ts';
import { batchesOf } from './batches.ts';
import type { EventQueue } from './event-queue.ts';
import { orderSettings } from './gateway-function.ts';
import type { FunctionVariables, GatewayFunction } from './gateway-function.ts';
import type { Gradual } from './gradual.ts';
import { nameInTemplate } from './names.ts';
import type { SharedParts } from './shared-parts.ts';

/** The parts that every processor works with, be it of a source or of a target, which is a source of its own here. */
export interface ProcessingParts extends SharedParts {
  readonly source: SourceConfig;
  readonly queue: EventQueue;
  readonly deadLetters: EventQueue;
  /** Absent if new versions come into force at once. */
  readonly gradual?: Gradual | undefined;
}

/** A batch of ten of the largest bodies takes some 410 MB, and 2.5 s of a whole processor, which half of this would not have. */
export const PROCESSOR_MEMORY_MB = 1024;

/** Seconds by which a lease outlives the invocation that holds it. */
const LEASE_MARGIN_SECONDS = 10;

/** The variables that every processor reads. `timeoutSeconds` is its time-out. */
export const processingVariables = (
  { source, config, queue, deadLetters, ledger, bodies, archive }: ProcessingParts,
  timeoutSeconds: number,
): FunctionVariables => ({
  source: source.name,
  windowSeconds: source.windowSeconds,
  ledgerTable: ledger.tableName,
  leaseSeconds: timeoutSeconds + LEASE_MARGIN_SECONDS,
  queueUrl: queue.queueUrl,
  deadLettersUrl: deadLetters.queueUrl,
  retry: retryOf(config, source),
  processing: JSON.stringify(processingOf(source)),
  bodyBucket: bodies.bucketName,
  archiveBucket: archive.bucketName,
  ...orderSettings(source),
});

const retryOf = ({ retention }: HookgateConfig, { retry }: SourceConfig): string =>
  JSON.stringify({ ...retry, retentionSeconds: retention.queueDays * 86_400 });

const processingOf = ({ breaker, selfRepair, pace }: SourceConfig): ProcessingSettings => ({
  ...{ breaker, selfRepair },
  ...(pace?.perSecond !== undefined && { perSecond: pace.perSecond }),
});

/** Grants what every processor does: take, lease, delay, give up, have dead letters go back, and keep the evidence. */
export function grantProcessing(
  processor: GatewayFunction,
  { source, queue, deadLetters, ledger, bodies, archive }: ProcessingParts,
): void {
  ledger.grantLease(processor, source);
  queue.grantReceive(processor);
  queue.grantDelay(processor);
  deadLetters.grantSend(processor);
  if (source.selfRepair) {
    deadLetters.grantReceive(processor);
    deadLetters.grantDelay(processor);
    queue.grantSend(processor);
  }
  bodies.grantGet(processor, bodyPrefix(source.name));
  archive.grantStore(processor, archivePrefix(source.name));
}

/** Has Lambda hand the queue's messages to a processor in batches. */
export function takeBatches(
  processor: GatewayFunction,
  id: string,
  { source, config, queue, gradual }: ProcessingParts,
): void {
  const { batchSize, maxConcurrency } = batchesOf(config, source);
  const mapping = new EventSourceMapping(processor, 'Batches', {
    target: gradual?.release(processor, { name: source.name, part: 'processor' }) ?? processor,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxBatchingWindow: Duration.seconds(source.batchingWindowSeconds),
    maxConcurrency,
    reportBatchItemFailures: true,
  });
  nameInTemplate(mapping, `${id}Batches`);
}
