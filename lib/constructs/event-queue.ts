import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { MAX_MESSAGE_BYTES } from '../../lambdas/contract.ts';
import { grantThrough } from './encryption-key.ts';
import { nameInTemplate } from './names.ts';

export interface EventQueueProps extends Pick<QueueProps, 'deadLetterQueue' | 'visibilityTimeout'> {
  readonly key: IKey;
  readonly production: boolean;
  /** Days for which a message waits. */
  readonly retentionDays: number;
}

/** A queue of events: encrypted, over TLS only, and in a production stage kept when the stack is deleted. */
export class EventQueue extends Queue {
  private readonly key: IKey;

  constructor(scope: Construct, id: string, { key, production, retentionDays, ...props }: EventQueueProps) {
    super(scope, id, {
      ...props,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      maxMessageSizeBytes: MAX_MESSAGE_BYTES,
      retentionPeriod: Duration.days(retentionDays),
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.key = key;
    nameInTemplate(this, id);
  }

  /** Grants putting a message: the data key, and its way back, which SQS asks for when it sends. */
  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queueArn] });
    grantThrough(this.key, 'sqs', grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
  }

  /** Grants hiding a message for a time, or no longer: the delay of its next try. */
  grantDelay(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sqs:ChangeMessageVisibility'], resourceArns: [this.queueArn] });
  }

  /** Grants what Lambda needs, in the name of the function, to take messages for it. */
  grantReceive(grantee: IGrantable): void {
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queueArn] });
    grantThrough(this.key, 'sqs', grantee, 'kms:Decrypt');
  }
}
