import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { providers } from '../../lambdas/providers/index.ts';
import type { SourceConfig } from '../config/config.ts';
import { laneOf } from '../config/lanes.ts';
import type { TargetConfig } from '../config/targets.ts';
import { EventQueue } from './event-queue.ts';
import type { Gradual } from './gradual.ts';
import { pascalCase, secretName } from './names.ts';
import { MAX_RECEIVES, visibilityOf } from './queue-times.ts';
import type { SharedParts } from './shared-parts.ts';
import { SigningSecret } from './signing-secret.ts';
import { targetTimeoutSeconds, TargetProcessor } from './target-processor.ts';

export interface TargetPartsProps extends SharedParts {
  readonly source: SourceConfig;
  readonly target: TargetConfig;
  readonly gradual: Gradual | undefined;
}

/** The parts that a target has to itself: queue, dead-letter queue, processor, and the secret that signs what goes to a URL. */
export class TargetParts extends Construct {
  readonly queue: EventQueue;
  readonly deadLetters: EventQueue;
  readonly processor: TargetProcessor;
  readonly secret?: SigningSecret;

  constructor(scope: Construct, id: string, { source, target, ...shared }: TargetPartsProps) {
    super(scope, id);
    const { key, config } = shared;
    const { production, retention } = config;
    const prefix = pascalCase(target.name);
    const queueProps = { key, production, retentionDays: retention.queueDays };
    this.deadLetters = new EventQueue(this, `${prefix}DeadLetters`, queueProps);
    this.queue = new EventQueue(this, `${prefix}Queue`, {
      ...queueProps,
      visibilityTimeout: Duration.seconds(visibilityOf(targetTimeoutSeconds(target))),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    if (target.kind === 'http')
      this.secret = new SigningSecret(this, `${prefix}Secret`, {
        ...{ secretName: secretName(config, target.name), key, production, provider: signer() },
      });
    const { queue, deadLetters, secret } = this;
    this.processor = new TargetProcessor(this, `${prefix}Processor`, {
      ...{ ...shared, target, source: laneOf(source, target), queue, deadLetters, secret },
    });
  }
}

/** Requests to a URL are signed as by a provider of Standard Webhooks; the gateway makes the secret. */
function signer() {
  const standard = providers.get('standard-webhooks');
  if (!standard) throw new Error('the registry has no standard-webhooks');
  return { ...standard, title: 'an HTTP target', secret: { ...standard.secret, madeBy: 'customer' as const } };
}
