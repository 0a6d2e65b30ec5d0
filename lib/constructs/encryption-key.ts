import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { nameInTemplate } from './names.ts';

export interface EncryptionKeyProps {
  /** Name of the gateway and its stage, for the description. */
  readonly gateway: string;
  readonly production: boolean;
}

/** The services through which a function may use the key: it is of no use to the function in any other way. */
type Service = 'dynamodb' | 's3' | 'secretsmanager' | 'sqs';

/** An action that a function may be allowed with the key. */
export type KeyAction =
  | 'kms:Encrypt'
  | 'kms:Decrypt'
  | 'kms:ReEncryptFrom'
  | 'kms:ReEncryptTo'
  | 'kms:GenerateDataKey'
  | 'kms:GenerateDataKeyWithoutPlaintext'
  | 'kms:DescribeKey';

/** Lets a function read or write what a service keeps under a key, through that service alone. */
export function grantThrough(key: IKey, service: Service, grantee: IGrantable, ...actions: KeyAction[]): void {
  const { region } = Stack.of(key);
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions,
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
    }),
  );
}

/** Lets CloudWatch and EventBridge publish to the topics of the alarms under a key, which they do in their own names. */
export function allowAlarms(key: Key): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com'), new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(key).account } },
    }),
  );
}

/** The customer-managed key for everything at rest: ledger, queues, buckets, secrets, bus and logs. Rotated every year. */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, { gateway, production }: EncryptionKeyProps) {
    super(scope, id, {
      description: `Data at rest of the webhook gateway ${gateway}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(production ? 30 : 7),
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    nameInTemplate(this, id);
    this.allowLogs();
  }

  /** CloudWatch Logs uses the key in its own name. It names the log group in the encryption context. */
  private allowLogs(): void {
    const { region, partition, account } = Stack.of(this);
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }
}
