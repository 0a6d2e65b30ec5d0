import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { RegionFeatures } from '../region.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { EventQueue } from './event-queue.ts';
import { nameInTemplate } from './names.ts';

export interface GatewayBusProps {
  /** Name of the gateway and its stage, which is the bus's name too. */
  readonly gateway: string;
  readonly key: IKey;
  /** The key of its dead-letter queue. */
  readonly deadLettersKey: EncryptionKey;
  readonly production: boolean;
  readonly features: RegionFeatures;
  /** Days for which the queue keeps what could not be published. */
  readonly retentionDays: number;
}

/**
 * The bus that the default handler publishes to. EventBridge answers before it encrypts: if it then may not use the key, the
 * event would be gone. It goes to a queue instead, under a key of its own, because a key that fails must not take both.
 */
export class GatewayBus extends EventBus {
  readonly deadLetters: EventQueue;

  constructor(scope: Construct, id: string, props: GatewayBusProps) {
    const { gateway, key, production, features, retentionDays, deadLettersKey: ownKey } = props;
    const deadLetters = new EventQueue(scope, `${id}DeadLetters`, { key: ownKey, production, retentionDays });
    super(scope, id, {
      eventBusName: gateway,
      ...(features.guardedBus && { kmsKey: key, deadLetterQueue: deadLetters }),
    });
    nameInTemplate(this, id);
    this.deadLetters = deadLetters;
    this.allowDeadLetters(gateway, ownKey);
  }

  /** EventBridge puts a dead letter into the queue in its own name. */
  private allowDeadLetters(gateway: string, ownKey: EncryptionKey): void {
    const { partition, region, account } = Stack.of(this);
    const from = {
      ArnEquals: { 'aws:SourceArn': `arn:${partition}:events:${region}:${account}:event-bus/${gateway}` },
    };
    const principals = [new ServicePrincipal('events.amazonaws.com')];
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: from,
      }),
    );
    ownKey.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: from,
      }),
    );
  }
}
