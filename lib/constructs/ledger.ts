import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import type { EncryptionKey, KeyAction } from './encryption-key.ts';
import { nameInTemplate } from './names.ts';

export interface LedgerProps {
  readonly key: EncryptionKey;
  readonly production: boolean;
}

/**
 * What DynamoDB asks of whoever uses a table under a customer's key
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz). Of its list
 * `kms:CreateGrant` is left out: DynamoDB makes its grant when the table is made, in the name of whoever deploys.
 */
const KEY_ACTIONS: readonly KeyAction[] = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey',
];

/** The ledger: one item per event. In a production stage it refuses deletion and outlives the stack. */
export class Ledger extends Construct {
  readonly tableName: string;
  private readonly table: Table;
  private readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, { key, production }: LedgerProps) {
    super(scope, id);
    this.key = key;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: LEDGER.partitionKey, type: AttributeType.STRING },
      timeToLiveAttribute: LEDGER.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: production,
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    nameInTemplate(this.table, id);
    this.tableName = this.table.tableName;
  }

  /** Grants a claim and a mark: one update, and a put in the place of an item that has expired. */
  grantClaim(grantee: IGrantable, source: string): void {
    this.grant(grantee, source, 'dynamodb:UpdateItem', 'dynamodb:PutItem');
  }

  /** Grants a lease and a mark: one update, and a look at the item if the update was refused. */
  grantLease(grantee: IGrantable, source: string): void {
    this.grant(grantee, source, 'dynamodb:UpdateItem', 'dynamodb:GetItem');
  }

  /** What the splitting of a delivery takes beside the leases: a put in the place of an item that has expired. */
  grantSplit(grantee: IGrantable, source: string): void {
    this.grant(grantee, source, 'dynamodb:PutItem');
  }

  /** What fetching missed events takes: what a claim does, the cursor, and a look at what is known. */
  grantPoll(grantee: IGrantable, source: string): void {
    this.grant(grantee, source, 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:GetItem');
  }

  /** The items of one source, and of no other. */
  private grant(grantee: IGrantable, source: string, ...actions: string[]): void {
    const { event, body, alias, cursor } = LEDGER_KEY;
    const keys = [event(source, '*'), body(source, '*'), alias(source, '*'), cursor(source)];
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
    this.key.grantThrough('dynamodb', grantee, ...KEY_ACTIONS);
  }
}
