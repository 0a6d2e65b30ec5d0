import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { archivePrefix } from '../../lambdas/core/archive.ts';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import type { SourceConfig } from '../config/config.ts';
import type { TargetConfig } from '../config/targets.ts';
import { batchesOf } from './batches.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction, orderSettings } from './gateway-function.ts';
import { nameInTemplate } from './names.ts';
import { LEASE_MARGIN_SECONDS, PROCESSOR_MEMORY_MB, processingOf, retryOf } from './processor.ts';
import type { SharedParts } from './shared-parts.ts';
import type { SigningSecret } from './signing-secret.ts';
import { grantTarget } from './target-grants.ts';

export interface TargetProcessorProps extends SharedParts {
  /** The target as a source of its own. */
  readonly source: SourceConfig;
  readonly target: TargetConfig;
  readonly queue: EventQueue;
  readonly deadLetters: EventQueue;
  readonly secret: SigningSecret | undefined;
}

/** Seconds that a processor has beside the try: lease, archive and marks of a batch, whose tries are side by side. */
const BESIDE_SECONDS = 20;

/** Seconds that a target's processor has for a batch. */
export const targetTimeoutSeconds = ({ timeoutSeconds }: TargetConfig): number => timeoutSeconds + BESIDE_SECONDS;

/** Hands the events of one target over, with the code and the rules of every processor. It may reach its target, and no other. */
export class TargetProcessor extends GatewayFunction {
  constructor(scope: Construct, id: string, props: TargetProcessorProps) {
    const { source, target, config, queue, deadLetters, ledger, bodies, archive, secret } = props;
    const { batchSize, maxConcurrency, reservedConcurrency } = batchesOf(config, source);
    const timeoutSeconds = targetTimeoutSeconds(target);
    super(scope, id, {
      ...props,
      description: `Hands the events of ${source.name} over`,
      entry: 'lambdas/processor/handler.ts',
      handOver: target.kind,
      part: 'processor',
      memoryMb: PROCESSOR_MEMORY_MB,
      ...{ timeoutSeconds, reservedConcurrency, network: target.vpc ?? props.network },
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
        target: target.to,
        targetTimeoutSeconds: target.timeoutSeconds,
        ...(target.kind === 'bus' && { busName: target.to }),
        ...(secret && { secretArn: secret.secretArn, previousGraceSeconds: source.previousGraceHours * 3600 }),
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
    // A body too large for the target travels by reference.
    bodies.grantGet(this, bodyPrefix(source.name));
    bodies.grantStore(this, bodyPrefix(source.name));
    archive.grantStore(this, archivePrefix(source.name));
    secret?.grantRead(this);
    grantTarget(this, target);
    const mapping = new EventSourceMapping(this, 'Batches', {
      target: this,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxBatchingWindow: Duration.seconds(0),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    nameInTemplate(mapping, `${id}Batches`);
  }
}
