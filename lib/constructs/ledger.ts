import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { LEDGER, LEDGER_KEY, LEDGER_LIST } from '../../lambdas/contract.ts';
import { bindsBodies, schemeOf } from '../../lambdas/core/provider.ts';
import { isTarget } from '../../lambdas/core/target.ts';
import type { SourceConfig } from '../config/config.ts';
import { grantThrough } from './encryption-key.ts';
import type { KeyAction } from './encryption-key.ts';
import { nameInTemplate } from './names.ts';

export interface LedgerProps {
  readonly key: IKey;
  readonly production: boolean;
}

/**
 * The key permissions that DynamoDB demands of whoever uses a table under a customer's key
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
  readonly tableArn: string;
  private readonly table: Table;
  private readonly key: IKey;

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
    this.table.addGlobalSecondaryIndex({
      indexName: LEDGER_LIST.index,
      partitionKey: { name: LEDGER_LIST.partitionKey, type: AttributeType.STRING },
      sortKey: { name: LEDGER_LIST.sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    nameInTemplate(this.table, id);
    this.tableName = this.table.tableName;
    this.tableArn = this.table.tableArn;
  }

  /** Grants a claim, a mark and a place in a line: one update each, and a put in the place of an item that has expired. */
  grantClaim(grantee: IGrantable, source: Owner): void {
    this.grant(grantee, claimed(source), 'dynamodb:UpdateItem', 'dynamodb:PutItem');
    // A delivery whose id was left out is known by its body alone.
    const bodies = bodiesOf(source);
    if (bodies.length > 0) this.grant(grantee, bodies, 'dynamodb:GetItem');
  }

  /** Grants a lease and a mark: one update, and a look at the item if the update was refused. */
  grantLease(grantee: IGrantable, source: Owner): void {
    this.grant(grantee, leased(source), 'dynamodb:UpdateItem', 'dynamodb:GetItem');
  }

  /** Grants the access for fetching missed events: a claim's, the cursor's, and the look-up of known events. */
  grantPoll(grantee: IGrantable, source: Owner): void {
    this.grant(grantee, polled(source), 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:GetItem');
  }

  /** Some items of one source, and none of another. */
  private grant(grantee: IGrantable, keys: readonly string[], ...actions: string[]): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
    grantThrough(this.key, 'dynamodb', grantee, ...KEY_ACTIONS);
  }
}

/** The source whose items they are. */
type Owner = Pick<SourceConfig, 'name' | 'provider' | 'options' | 'order'>;

/** The items of the events themselves, and of the lines that they wait in. */
const items = ({ name, order }: Owner): string[] => [
  LEDGER_KEY.event(name, '*'),
  ...(order ? [LEDGER_KEY.line(name, '*')] : []),
];

/** The items that a claim writes: an id that is not signed is bound to its body first, and was before the event went to a target. */
const claimed = (source: Owner): string[] => [
  ...items(source),
  ...bodiesOf(source),
  ...(source.provider.noteOf && !isTarget(source.name) ? [LEDGER_KEY.subscriptions(source.name)] : []),
];

/** The items of bodies that are bound to ids, if the source has any. */
const bodiesOf = ({ name, provider, options }: Owner): string[] =>
  (bindsBodies(provider, options) || schemeOf(provider, options).usedOnce !== undefined) && !isTarget(name)
    ? [LEDGER_KEY.body(name, '*')]
    : [];

/** The items that a processor writes. How far the poller has read is not for it, nor for the handler in it, to say. */
const leased = (source: Owner): string[] => [
  ...items(source),
  LEDGER_KEY.breaker(source.name),
  ...(isTarget(source.name) ? [] : [LEDGER_KEY.alias(source.name, '*')]),
];

/** The items that a poller writes or looks at. */
const polled = (source: Owner): string[] => [
  ...claimed(source),
  LEDGER_KEY.alias(source.name, '*'),
  LEDGER_KEY.cursor(source.name),
];
