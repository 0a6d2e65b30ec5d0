import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { busSource } from '../../lambdas/contract.ts';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import type { TargetConfig } from '../config/targets.ts';
import { batchesOf } from './batches.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction } from './gateway-function.ts';
import { grantMeans, variablesOf } from './handler-means.ts';
import { GatewayBus } from './gateway-bus.ts';
import { grantProcessing, processingVariables, PROCESSOR_MEMORY_MB, takeBatches } from './processing.ts';
import type { ProcessingParts } from './processing.ts';
import { timeoutSecondsOf } from './queue-times.ts';

export interface ProcessorProps extends ProcessingParts {
  readonly quarantine: EventQueue;
  /** The targets of the source, with the queue of each. */
  readonly targets: readonly (Pick<TargetConfig, 'name' | 'types'> & { readonly queue: EventQueue })[];
}

/** Processes the events of one source, with the customer's own handler or by publishing them to the bus. */
export class Processor extends GatewayFunction {
  constructor(scope: Construct, id: string, props: ProcessorProps) {
    const { source, config, queue, quarantine, ledger, bodies, bus, targets } = props;
    const { means } = source;
    const timeoutSeconds = timeoutSecondsOf(config, source);
    const { reservedConcurrency } = batchesOf(config, source);
    const hasTargets = targets.length > 0;
    const publishes = source.handler === undefined && !hasTargets;
    const splits = source.provider.batches === true;
    super(scope, id, {
      ...props,
      description: `Processes the events of ${source.name}`,
      entry: 'lambdas/processor/handler.ts',
      ...{ customerHandler: source.handler, means },
      ...(hasTargets && source.handler === undefined && { handOver: 'none' as const }),
      part: 'processor',
      memoryMb: means?.memoryMb ?? PROCESSOR_MEMORY_MB,
      ...(means && { variables: variablesOf(scope, means), layers: means.layers, network: means.vpc ?? props.network }),
      timeoutSeconds,
      reservedConcurrency,
      environment: {
        ...processingVariables(props, timeoutSeconds),
        ...(publishes && { busName: bus instanceof GatewayBus ? bus.eventBusName : bus.eventBusArn }),
        ...(hasTargets && {
          targets: JSON.stringify(targets.map(({ name, types, queue: { queueUrl } }) => ({ name, types, queueUrl }))),
        }),
        ...(splits && { quarantineUrl: quarantine.queueUrl }),
      },
    });
    grantProcessing(this, props);
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
    takeBatches(this, id, props);
  }
}
