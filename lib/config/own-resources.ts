import { overlap } from './patterns.ts';
import type { PermissionConfig } from './permissions.ts';
import { stackName } from './stack-names.ts';

/** A gateway by the names that its resources are made of. */
export interface GatewayNames {
  readonly name: string;
  readonly stage: string;
  /** The stack that its sources share. Default: the one of that name and stage. */
  readonly stack?: string;
}

/** The characters of a stack's name that CloudFormation keeps, whatever it has to shorten. It has been seen to keep 24. */
const KEPT_CHARACTERS = 20;

/** How the names begin that CloudFormation makes in the stacks of the gateway: they are the shared stack's, and longer. */
const madeIn = (stack: string): string =>
  stack.length < KEPT_CHARACTERS ? `${stack}-*` : `${stack.slice(0, KEPT_CHARACTERS)}*`;

/** The gateway's own resources by the service of their ARNs, as patterns of what follows the account. */
function ownResources(gateway: GatewayNames): ReadonlyMap<string, readonly string[]> {
  const own = stackName(gateway);
  const made = madeIn(gateway.stack ?? own);
  return new Map([
    ['cloudwatch', [`alarm:${own}-*`, `dashboard/${own}`]],
    ['dynamodb', [`table/${made}`]],
    ['events', [`event-bus/${own}`, `rule/${made}`, `rule/*/${made}`]],
    // With the deploy role of the CDK, which lets in the whole account, a handler could change everything.
    ['iam', ['role/cdk-*', `role/${made}`, `role/${own}/*`]],
    ['lambda', [`function:${made}`, `function:${own}-*`]],
    ['logs', [`log-group:${made}`, `log-group:aws-waf-logs-${own}`]],
    ['s3', [made]],
    ['scheduler', [`schedule/*/${made}`]],
    ['secretsmanager', [`secret:${gateway.name}/${gateway.stage}/*`]],
    ['sns', [made]],
    ['sqs', [made]],
    ['xray', [`sampling-rule/${own.slice(0, KEPT_CHARACTERS)}*`]],
  ]);
}

/** Services whose resources have ids that do not say whose they are, or are roles: a wildcard could be the gateway's own. */
const NAMED_IN_FULL: ReadonlySet<string> = new Set(['acm', 'apigateway', 'iam', 'kms', 'route53', 'wafv2']);

/** Services that run what they are told to, with rights that the handler has not. */
const RUNNING: ReadonlySet<string> = new Set([
  'batch',
  'codebuild',
  'codedeploy',
  'codepipeline',
  'ec2',
  'ecs',
  'glue',
  'ssm',
  'states',
]);

/** Actions of these services that have no resource to name, and change nothing of the gateway. */
const ON_EVERYTHING: ReadonlyMap<string, RegExp> = new Map([
  ['cloudwatch', /^(Describe|Get|List|PutMetricData)/],
  ['ec2', /^Describe/],
  ['xray', /^(BatchGet|Get|PutTelemetryRecords|PutTraceSegments)/],
]);

/**
 * Says which resources of a handler's permissions are the gateway's own, or could be: each pattern is held against every name that a
 * resource of the gateway can have. The key is the index in `resources`.
 */
export function reachedBy(gateway: GatewayNames, { actions, resources }: PermissionConfig): Map<number, string> {
  const own = ownResources(gateway);
  const problems = resources.map((value) => (value === '*' ? onEverything(own, actions) : onPattern(own, value)));
  return new Map(
    [...problems.entries()].flatMap(([index, problem]) => (problem === undefined ? [] : [[index, problem]])),
  );
}

type Own = ReturnType<typeof ownResources>;

function onEverything(own: Own, actions: readonly string[]): string | undefined {
  for (const action of actions) {
    const [service = '', name = ''] = action.split(':');
    if (ON_EVERYTHING.get(service)?.test(name)) continue;
    if (own.has(service) || NAMED_IN_FULL.has(service) || service === 'sts') return matchesOwn(service);
    if (RUNNING.has(service))
      return `must name the resources of ${service}: what it runs can have rights that a handler must not have`;
  }
  return undefined;
}

function onPattern(own: Own, value: string): string | undefined {
  // A variable of IAM can have any value. A reference of the CDK cannot be looked into before the deployment.
  const pattern = value.replaceAll(/\$\{(?!Token\[)[^}]*\}/g, '*');
  const [, , service = '', , , ...rest] = pattern.split(':');
  const named = rest.join(':');
  if (NAMED_IN_FULL.has(service) && /[*?]/.test(named))
    return `must name the resources of ${service} in full: with a wildcard it could match one of the gateway, or a role that can change it`;
  // In S3's ARNs the bucket may be followed by an object, in all others the resource by a part of it.
  const isOwn = own.get(service)?.some((name) => [name, `${name}:*`, `${name}/*`].some((each) => overlap(named, each)));
  return isOwn === true ? matchesOwn(service) : undefined;
}

const matchesOwn = (service: string): string =>
  `must name the resources of ${service}: as it is, it matches resources of the gateway itself, and so those of other sources`;
