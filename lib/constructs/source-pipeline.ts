import { Duration, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SourceConfig } from '../config/config.ts';
import { callsApi, rotationDays } from '../config/provider-api.ts';
import type { TargetConfig } from '../config/targets.ts';
import { ApiCredentials } from './api-credentials.ts';
import { EventQueue } from './event-queue.ts';
import { Gradual } from './gradual.ts';
import { pascalCase, secretName } from './names.ts';
import { Poller } from './poller.ts';
import { Processor } from './processor.ts';
import { MAX_RECEIVES, visibilitySeconds } from './queue-times.ts';
import { Rotator } from './rotator.ts';
import type { SharedParts } from './shared-parts.ts';
import { SigningSecret } from './signing-secret.ts';
import { TargetParts } from './target-parts.ts';
import { Verifier } from './verifier.ts';

export interface SourcePipelineProps extends SharedParts {
  readonly source: SourceConfig;
  /** The id of the API that leads deliveries here. */
  readonly apiId: string;
  /** The URL to register with the provider. */
  readonly url: string;
}

/** The parts that a source has to itself: secret, verifier, queue, dead-letter queue, quarantine, processor. */
export class SourcePipeline extends Construct {
  readonly secret: SigningSecret;
  readonly verifier: Verifier;
  readonly queue: EventQueue;
  readonly deadLetters: EventQueue;
  /** The source's authentic events that wait for a person's decision. */
  readonly quarantine: EventQueue;
  readonly processor: Processor;
  readonly targets: readonly (TargetConfig & { readonly parts: TargetParts })[];
  /** The credentials for the provider's API; absent if the source does not call it. */
  readonly credentials?: ApiCredentials;

  constructor(scope: Construct, id: string, { source, apiId, url, ...shared }: SourcePipelineProps) {
    super(scope, id);
    const { key, config } = shared;
    const { production, retention } = config;
    const prefix = pascalCase(source.name);
    const queueProps = { key, production, retentionDays: retention.queueDays };

    this.secret = new SigningSecret(this, `${prefix}Secret`, {
      secretName: secretName(config, source.name),
      provider: source.provider,
      key,
      production,
    });
    this.deadLetters = new EventQueue(this, `${prefix}DeadLetters`, queueProps);
    this.quarantine = new EventQueue(this, `${prefix}Quarantine`, queueProps);
    this.queue = new EventQueue(this, `${prefix}Queue`, {
      ...queueProps,
      visibilityTimeout: Duration.seconds(visibilitySeconds(config, source)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    const gradual = source.gradual && new Gradual(this, prefix, { ...shared, gradual: source.gradual });
    this.verifier = new Verifier(this, `${prefix}Verifier`, {
      ...shared,
      source,
      secret: this.secret,
      queue: this.queue,
      quarantine: this.quarantine,
      ...{ apiId, gradual },
    });
    if (callsApi(source)) this.credentials = new ApiCredentials(this, `${prefix}Credentials`, { ...shared, source });
    if (this.credentials && source.poll) {
      const { queue, quarantine, credentials, secret } = this;
      const parts = { queue, quarantine, credentials, secret, url };
      new Poller(this, `${prefix}Poller`, { ...shared, ...parts, source, poll: source.poll });
    }
    const everyDays = rotationDays(source);
    if (this.credentials && everyDays !== undefined) {
      const { secret, credentials } = this;
      new Rotator(this, `${prefix}Rotator`, { ...shared, source, secret, credentials, everyDays });
    }
    this.targets = (source.targets ?? []).map((target) => ({
      ...target,
      parts: new TargetParts(this, pascalCase(target.name), { ...shared, source, target, gradual }),
    }));
    this.processor = new Processor(this, `${prefix}Processor`, {
      ...{ ...shared, source, gradual },
      ...{ queue: this.queue, deadLetters: this.deadLetters, quarantine: this.quarantine },
      targets: this.targets.map(({ parts: { queue }, ...target }) => ({ ...target, queue })),
    });
    const { taggedMappings } = shared.features;
    Tags.of(this).add('hookgate:source', source.name, {
      excludeResourceTypes: taggedMappings ? [] : ['AWS::Lambda::EventSourceMapping'],
    });
  }
}
