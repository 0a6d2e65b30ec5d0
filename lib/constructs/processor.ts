import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { busSource } from '../../lambdas/contract.ts';
import { archivePrefix } from '../../lambdas/core/archive.ts';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import type { ProcessingSettings } from '../../lambdas/core/process/settings.ts';
import type { HookgateConfig, SourceConfig } from '../config/config.ts';
import type { TargetConfig } from '../config/targets.ts';
import { batchesOf } from './batches.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction, orderSettings } from './gateway-function.ts';
import { grantMeans, variablesOf } from './handler-means.ts';
import { GatewayBus } from './gateway-bus.ts';
import { nameInTemplate } from './names.ts';
import { timeoutSecondsOf } from './queue-times.ts';
import type { SharedParts } from './shared-parts.ts';

export interface ProcessorProps extends SharedParts {
  readonly source: SourceConfig;
  readonly queue: EventQueue;
  readonly quarantine: EventQueue;
  readonly deadLetters: EventQueue;
  /** The targets of the source, with the queue of each. */
  readonly targets: readonly (Pick<TargetConfig, 'name' | 'types'> & { readonly queue: EventQueue })[];
}

/** Seconds by which a lease outlives the invocation that holds it. */
export const LEASE_MARGIN_SECONDS = 10;
/** A batch of ten of the largest bodies takes some 410 MB, and 2.5 s of a whole processor, which half of this would not have. */
export const PROCESSOR_MEMORY_MB = 1024;

/** Processes the events of one source, with the customer's own handler or by publishing them to the bus. */
export class Processor extends GatewayFunction {
  constructor(scope: Construct, id: string, props: ProcessorProps) {
    const { source, config, queue, deadLetters, quarantine, ledger, bodies, archive, bus, targets } = props;
    const { batchingWindowSeconds } = config.processor;
    const { means } = source;
    const timeoutSeconds = timeoutSecondsOf(config, source);
    const { batchSize, maxConcurrency, reservedConcurrency } = batchesOf(config, source);
    const hasTargets = targets.length > 0;
    const publishes = source.handler === undefined && !hasTargets;
    const splits = source.provider.batches === true;
    super(scope, id, {
      ...props,
      description: `Processes the events of ${source.name}`,
      entry: 'lambdas/processor/handler.ts',
      customerHandler: source.handler,
      ...(hasTargets && source.handler === undefined && { handOver: 'none' as const }),
      part: 'processor',
      memoryMb: means?.memoryMb ?? PROCESSOR_MEMORY_MB,
      ...(means && { variables: variablesOf(scope, means), layers: means.layers, network: means.vpc ?? props.network }),
      timeoutSeconds,
      reservedConcurrency,
      environment: {
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
        ...(publishes && { busName: bus instanceof GatewayBus ? bus.eventBusName : bus.eventBusArn }),
        ...(hasTargets && {
          targets: JSON.stringify(targets.map(({ name, types, queue: { queueUrl } }) => ({ name, types, queueUrl }))),
        }),
        ...(splits && { quarantineUrl: quarantine.queueUrl }),
      },
    });
    ledger.grantLease(this, source);
    queue.grantReceive(this);
    queue.grantDelay(this);
    deadLetters.grantSend(this);
    if (source.selfRepair) {
      deadLetters.grantReceive(this);
      deadLetters.grantDelay(this);
      queue.grantSend(this);
    }
    bodies.grantGet(this, bodyPrefix(source.name));
    archive.grantStore(this, archivePrefix(source.name));
    if (splits) {
      // The events of one delivery are told apart behind the queue, and each is claimed and queued again.
      ledger.grantClaim(this, source);
      queue.grantSend(this);
      quarantine.grantSend(this);
    }
    for (const target of targets) {
      // Each event is claimed and queued again for the target, by reference if its body is too large for a message.
      ledger.grantClaim(this, { ...source, name: target.name });
      target.queue.grantSend(this);
      bodies.grantStore(this, bodyPrefix(target.name));
    }
    if (publishes || splits) {
      // A body too large for a message of a queue or of the bus travels by reference.
      bodies.grantStore(this, bodyPrefix(source.name));
    }
    if (publishes) {
      Grant.addToPrincipal({
        grantee: this,
        actions: ['events:PutEvents'],
        resourceArns: [bus.eventBusArn],
        conditions: {
          'ForAllValues:StringEquals': { 'events:source': busSource(source.name) },
          Null: { 'events:source': 'false' },
        },
      });
    }
    if (means) grantMeans(this, config, means);
    const mapping = new EventSourceMapping(this, 'Batches', {
      target: this,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxBatchingWindow: Duration.seconds(batchingWindowSeconds),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    nameInTemplate(mapping, `${id}Batches`);
  }
}

/** The variable that a processor reads its source's schedule of tries from. */
export const retryOf = ({ retention }: HookgateConfig, { retry }: SourceConfig): string =>
  JSON.stringify({ ...retry, retentionSeconds: retention.queueDays * 86_400 });

export const processingOf = ({ breaker, selfRepair, pace }: SourceConfig): ProcessingSettings => ({
  ...{ breaker, selfRepair },
  ...(pace?.perSecond !== undefined && { perSecond: pace.perSecond }),
});
