import type { Construct } from 'constructs';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import type { TargetConfig } from '../config/targets.ts';
import { batchesOf } from './batches.ts';
import { GatewayFunction } from './gateway-function.ts';
import { grantProcessing, processingVariables, PROCESSOR_MEMORY_MB, takeBatches } from './processing.ts';
import type { ProcessingParts } from './processing.ts';
import type { SigningSecret } from './signing-secret.ts';
import { grantTarget } from './target-grants.ts';

/** The source is the target as a source of its own. */
export interface TargetProcessorProps extends ProcessingParts {
  readonly target: TargetConfig;
  readonly secret: SigningSecret | undefined;
}

/** Seconds that a processor has beside the try: lease, archive and marks of a batch, whose tries are side by side. */
const BESIDE_SECONDS = 20;

/** Seconds that a target's processor has for a batch. */
export const targetTimeoutSeconds = ({ timeoutSeconds }: TargetConfig): number => timeoutSeconds + BESIDE_SECONDS;

/** Hands the events of one target over, with the code and the rules of every processor. It may reach its target, and no other. */
export class TargetProcessor extends GatewayFunction {
  constructor(scope: Construct, id: string, props: TargetProcessorProps) {
    const { source, target, config, bodies, secret } = props;
    const { reservedConcurrency } = batchesOf(config, source);
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
        ...processingVariables(props, timeoutSeconds),
        target: target.to,
        targetTimeoutSeconds: target.timeoutSeconds,
        ...(target.kind === 'bus' && { busName: target.to }),
        ...(secret && { secretArn: secret.secretArn, previousGraceSeconds: source.previousGraceHours * 3600 }),
      },
    });
    grantProcessing(this, props);
    // A body too large for the target travels by reference.
    bodies.grantStore(this, bodyPrefix(source.name));
    secret?.grantRead(this);
    grantTarget(this, target);
    takeBatches(this, id, props);
  }
}
