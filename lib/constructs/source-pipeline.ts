import { Duration, Tags } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Bundler } from '../bundle.ts';
import type { HookgateConfig, SourceConfig } from '../config/config.ts';
import { callsApi, rotationDays } from '../config/provider-api.ts';
import type { AlarmTopics } from './alarms/alarm.ts';
import { ApiCredentials } from './api-credentials.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { EventBucket } from './event-bucket.ts';
import { EventQueue } from './event-queue.ts';
import type { Ledger } from './ledger.ts';
import { pascalCase } from './names.ts';
import { Poller } from './poller.ts';
import { Processor } from './processor.ts';
import { Rotator } from './rotator.ts';
import { addSecretAlarms } from './alarms/secret-alarms.ts';
import { SigningSecret } from './signing-secret.ts';
import { Verifier } from './verifier.ts';

/** What all sources share. */
export interface SharedParts {
  readonly config: HookgateConfig;
  readonly key: EncryptionKey;
  readonly ledger: Ledger;
  readonly quarantine: EventQueue;
  readonly archive: EventBucket;
  readonly bodies: EventBucket;
  readonly bus: EventBus;
  readonly bundle: Bundler;
  readonly topics: AlarmTopics;
}

/** How often a message is taken before it goes to the dead-letter queue. */
const MAX_RECEIVES = 5;
/** AWS asks for six times the function's time-out, so that a batch which Lambda holds back is not taken for lost. */
const VISIBILITY_FACTOR = 6;
/** Seconds after which a message that was taken and not deleted comes back. */
export const visibilitySeconds = ({ processor }: HookgateConfig): number =>
  VISIBILITY_FACTOR * processor.timeoutSeconds;

/** What a source has of its own: secret, verifier, queue, dead-letter queue, processor. */
export class SourcePipeline extends Construct {
  readonly secret: SigningSecret;
  readonly verifier: Verifier;
  readonly queue: EventQueue;
  readonly deadLetters: EventQueue;
  readonly processor: Processor;
  /** What the provider's API knows the source by; absent where the source does not call it. */
  readonly credentials?: ApiCredentials;

  constructor(scope: Construct, id: string, { source, ...shared }: SharedParts & { readonly source: SourceConfig }) {
    super(scope, id);
    const { key, config } = shared;
    const { production, retention } = config;
    const prefix = pascalCase(source.name);
    const queueProps = { key, production, retentionDays: retention.queueDays };

    this.secret = new SigningSecret(this, `${prefix}Secret`, {
      secretName: `${config.name}/${config.stage}/${source.name}`,
      provider: source.provider,
      key,
      production,
    });
    this.deadLetters = new EventQueue(this, `${prefix}DeadLetters`, queueProps);
    this.queue = new EventQueue(this, `${prefix}Queue`, {
      ...queueProps,
      visibilityTimeout: Duration.seconds(visibilitySeconds(config)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.verifier = new Verifier(this, `${prefix}Verifier`, {
      ...shared,
      source,
      secret: this.secret,
      queue: this.queue,
    });
    if (callsApi(source)) this.credentials = new ApiCredentials(this, `${prefix}Credentials`, { ...shared, source });
    if (this.credentials && source.poll) {
      const { queue, credentials } = this;
      new Poller(this, `${prefix}Poller`, { ...shared, source, queue, credentials, poll: source.poll });
    }
    const everyDays = rotationDays(source);
    if (this.credentials && everyDays !== undefined) {
      const { secret, credentials } = this;
      new Rotator(this, `${prefix}Rotator`, { ...shared, source, secret, credentials, everyDays });
    }
    addSecretAlarms(this, source.name, shared.topics);
    this.processor = new Processor(this, `${prefix}Processor`, { ...shared, source, queue: this.queue });
    Tags.of(this).add('hookgate:source', source.name);
  }
}
