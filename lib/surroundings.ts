import { Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import { ConfigError } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import { ownReached } from './config/handler.ts';
import type { NetworkConfig } from './config/network.ts';
import { nameInTemplate } from './constructs/names.ts';
import type { Severity } from './constructs/alarms/row.ts';
import { addTags } from './hookgate-parts.ts';
import type { RegionFeatures } from './region.ts';

/** The parts that an existing app brings along; without one the gateway makes its own, or does without. */
export interface Surroundings {
  /**
   * A key for all that is at rest, in place of one that is made. Its policy is yours: it lets the account's roles use it (the default
   * statement of the CDK does), and CloudWatch Logs, and EventBridge if the bus is the gateway's (docs/add-to-an-app.md).
   */
  readonly encryptionKey?: IKey;
  /** A bus to publish to, in place of one that is made. Who may put events into it, and what fails there, is yours to say. */
  readonly eventBus?: IEventBus | EventBus;
  /** Topics for the alarms, in place of those that are made. Each lets CloudWatch publish; the critical one EventBridge too. */
  readonly alarmTopics?: Readonly<Partial<Record<Severity, ITopic>>>;
  /** The zone for the records of the configuration's domain, in place of the configuration's own. */
  readonly hostedZone?: IHostedZone;
  /** The network that every function runs in. It needs a way to AWS's services and to the providers' APIs. */
  readonly vpc?: IVpc | Vpc;
  /** Default: the private subnets with a way out. */
  readonly vpcSubnets?: SubnetSelection;
  /** Default: one is made, which lets everything out and nothing in. */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** The permissions boundary of every role, in the stacks of the sources too. */
  readonly permissionsBoundary?: IManagedPolicy;
  /** Tags of everything, in the stacks of the sources too. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The stacks that have a gateway. */
const taken = new WeakSet<Stack>();

/**
 * Refuses a place in the tree in which a gateway cannot be. Throws a {@link ConfigError} that says why: the logical ids of what holds
 * data do not depend on the place, and the stacks of the sources import from the gateway's own by name.
 */
export function checkPlace(scope: Construct): void {
  const stack = Stack.of(scope);
  const problems = [
    ...(stack.nested
      ? [
          'a gateway cannot be in a nested stack, because its sources have stacks beside it: put it into a stack of the app or of a stage',
        ]
      : []),
    ...(taken.has(stack)
      ? [`${stack.stackName} has a gateway already: put the second one into a stack of its own, with another name`]
      : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems, 'The place of the gateway');
  taken.add(stack);
}

/** Refuses surroundings that mean nothing. Throws a {@link ConfigError} that names each. */
export function checkSurroundings(
  { hostedZone, vpc, vpcSubnets, securityGroups }: Surroundings,
  config: HookgateConfig,
  stack: string,
): void {
  const problems = [
    ...(hostedZone && !config.domain ? ['hostedZone: the configuration has no domain for its records'] : []),
    ...(vpcSubnets && !vpc ? ['vpcSubnets: there is no vpc that they are of'] : []),
    ...(securityGroups && !vpc ? ['securityGroups: there is no vpc that they are of'] : []),
    // The configuration has been held against the names of its own stack: the gateway may be in another.
    ...ownReached(
      { ...config, stack },
      config.sources.map(({ name, means }) => [name, means]),
    ),
  ];
  if (problems.length > 0) throw new ConfigError(problems, 'The surroundings of the gateway');
}

/** The network of the functions; undefined if they run in none. */
export function networkOf(
  scope: Construct,
  { vpc, vpcSubnets, securityGroups }: Surroundings,
): NetworkConfig | undefined {
  if (!vpc) return undefined;
  const groups = securityGroups ?? [ownGroup(scope, vpc)];
  return {
    subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    securityGroupIds: groups.map(({ securityGroupId }) => securityGroupId),
  };
}

function ownGroup(scope: Construct, vpc: IVpc | Vpc): ISecurityGroup {
  // By the types of the CDK a Vpc is not quite an IVpc, if optional properties are exact.
  const group = new SecurityGroup(scope, 'Functions', {
    vpc: vpc as IVpc,
    description: 'The functions of the webhook gateway',
  });
  nameInTemplate(group, 'FunctionsSecurityGroup');
  // As all that a source may use, whether or not one does.
  Stack.of(scope).exportValue(group.securityGroupId);
  return group;
}

/** Puts what holds for every resource on a stack of the gateway, or on the part of one that is the gateway's. */
export function applyTo(
  scope: IConstruct,
  { permissionsBoundary, tags = {} }: Surroundings,
  features: RegionFeatures,
): void {
  if (permissionsBoundary) PermissionsBoundary.of(scope).apply(permissionsBoundary);
  addTags(scope, tags, features);
}
