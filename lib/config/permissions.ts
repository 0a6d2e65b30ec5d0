import { z } from 'zod';
import { section, text } from './checks.ts';

/** A permission of a handler beside the processor's own work: an IAM statement that allows. */
export interface PermissionConfig {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

const action = text(
  /^[a-z][a-z0-9-]*:[A-Za-z0-9]+\*?$/,
  'must be an action of IAM with its service, such as "dynamodb:GetItem" or "s3:Get*"',
).superRefine((value, context) => {
  const reason = whyRefused(value);
  if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
});

const resource = text(/^(\*|arn:aws[\w-]*:[a-z0-9-]+:[^:]*:[^:]*:.+)$/, 'must be an ARN, or "*"');

/**
 * The actions of services that change who may do what, or the gateway's own parts: with one of them a handler could give itself
 * anything. The listed actions of such a service are allowed, and no others.
 */
const ALLOWED_OF: Readonly<Record<string, RegExp>> = {
  account: /$^/,
  cloudformation: /^(Describe|Get|List)/,
  iam: /$^/,
  kms: /^(Decrypt|DescribeKey|Encrypt|GenerateDataKey|GenerateMac|GetPublicKey|ReEncrypt|Sign|Verify)/,
  lambda: /^(Get|Invoke|List)/,
  organizations: /^(Describe|List)/,
  sts: /^(AssumeRole|GetCallerIdentity|GetServiceBearerToken|TagSession)$/,
};

function whyRefused(value: string): string | undefined {
  const [service = '', name = ''] = value.split(':');
  const allowed = ALLOWED_OF[service];
  return allowed === undefined || allowed.test(name)
    ? undefined
    : 'is refused: a handler with this action could change the roles, keys or functions of the gateway';
}

/** Services that hold the gateway's own data: a statement on all of their resources would open the other sources. */
const HOLDING = ['dynamodb', 'events', 'kms', 'lambda', 'logs', 's3', 'secretsmanager', 'sns', 'sqs', 'sts'];

/** The service of which a resource stands for everything: `*`, or an ARN whose name is a wildcard alone; undefined if it does not. */
function wholeOf(value: string, actions: readonly string[]): string | undefined {
  if (value === '*') return actions.map((action) => action.split(':')[0] ?? '').find((name) => HOLDING.includes(name));
  const [, , service = '', , , ...rest] = value.split(':');
  const name = rest.join(':');
  // In S3's ARNs a bucket's name comes first, in all others the kind of the resource.
  const isWhole = service === 's3' ? name.startsWith('*') : /^([\w-]+[/:])?\*/.test(name);
  return isWhole && HOLDING.includes(service) ? service : undefined;
}

/** A permission of a handler. */
export const permissionSchema = section({
  actions: z.array(action, { error: 'must be a list of actions' }).min(1, { error: 'must name an action' }),
  resources: z.array(resource, { error: 'must be a list of ARNs' }).min(1, { error: 'must name a resource' }),
  conditions: z
    .record(z.string(), z.record(z.string(), z.unknown()), { error: 'must be the conditions of an IAM statement' })
    .optional(),
}).superRefine(({ actions, resources }, context) => {
  for (const [index, value] of resources.entries()) {
    const service = wholeOf(value, actions);
    if (service === undefined) continue;
    const message = `must name the resources of ${service}: the gateway has such resources too, and those of other sources`;
    context.addIssue({ code: 'custom', path: ['resources', index], message });
  }
});
