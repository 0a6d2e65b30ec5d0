import { Duration, Tags } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Bundler } from '../bundle.ts';
import type { HookgateConfig, SourceConfig } from '../config/config.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { EventQueue } from './event-queue.ts';
import type { Ledger } from './ledger.ts';
import { pascalCase } from './names.ts';
import { Processor } from './processor.ts';
import { SigningSecret } from './signing-secret.ts';
import { Verifier } from './verifier.ts';

/** What all sources share. */
export interface SharedParts {
  readonly config: HookgateConfig;
  readonly key: EncryptionKey;
  readonly ledger: Ledger;
  readonly quarantine: EventQueue;
  readonly bus: EventBus;
  readonly bundle: Bundler;
}

/** How often a message is taken before it goes to the dead-letter queue. */
const MAX_RECEIVES = 5;
/** AWS asks for six times the function's time-out, so that a batch which Lambda holds back is not taken for lost. */
const VISIBILITY_FACTOR = 6;

/** What a source has of its own: secret, verifier, queue, dead-letter queue, processor. */
export class SourcePipeline extends Construct {
  readonly secret: SigningSecret;
  readonly verifier: Verifier;
  readonly queue: EventQueue;
  readonly deadLetters: EventQueue;
  readonly processor: Processor;

  constructor(scope: Construct, id: string, { source, ...shared }: SharedParts & { readonly source: SourceConfig }) {
    super(scope, id);
    const { key, config } = shared;
    const { production, processor, retention } = config;
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
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * processor.timeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.verifier = new Verifier(this, `${prefix}Verifier`, {
      ...shared,
      source,
      secret: this.secret,
      queue: this.queue,
    });
    this.processor = new Processor(this, `${prefix}Processor`, { ...shared, source, queue: this.queue });
    Tags.of(this).add('hookgate:source', source.name);
  }
}
