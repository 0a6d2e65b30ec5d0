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

const READING = /^(BatchGet|Describe|Get|List|Lookup)/;

/** Services that guard the account and its data, or rule over it: a handler may look at them, and change nothing. */
const GUARDING = [
  ...[
    'access-analyzer',
    'auditmanager',
    'backup',
    'cloudformation',
    'cloudtrail',
    'config',
    'controltower',
    'detective',
  ],
  ...['guardduty', 'inspector2', 'macie2', 'organizations', 'securityhub', 'sso', 'wafv2'],
];

/**
 * The actions of services that change who may do what, or the gateway's own parts: with one of them a handler could give itself
 * anything. The listed actions of such a service are allowed, and no others.
 */
const ALLOWED_OF: ReadonlyMap<string, RegExp> = new Map([
  ...GUARDING.map((service) => [service, READING] as const),
  ['account', /$^/],
  ['apigateway', /^GET$/],
  ['iam', /$^/],
  ['kms', /^(Decrypt|DescribeKey|Encrypt|GenerateDataKey|GenerateMac|GetPublicKey|ReEncrypt|Sign|Verify)/],
  ['lambda', /^(Get|Invoke|List)/],
  ['ram', READING],
  ['sts', /^(AssumeRole|GetCallerIdentity|GetServiceBearerToken|TagSession)$/],
]);

function whyRefused(value: string): string | undefined {
  const [service = '', name = ''] = value.split(':');
  const allowed = ALLOWED_OF.get(service);
  return allowed === undefined || allowed.test(name)
    ? undefined
    : 'is refused: a handler with this action could change the roles, keys, functions or guards of the gateway';
}

const OPERATORS = [
  ...['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map((end) => `String${end}`),
  ...['Numeric', 'Date'].flatMap((kind) =>
    ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((end) => kind + end),
  ),
  ...['Equals', 'NotEquals', 'Like', 'NotLike'].map((end) => `Arn${end}`),
  ...['Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress'],
];

/** IAM's reference of condition operators: a set's prefix, the operator, `IfExists`. */
const operator = text(
  new RegExp(`^((ForAllValues:|ForAnyValue:)?(${OPERATORS.join('|')})(IfExists)?|Null)$`),
  'must be an operator of IAM, such as "StringEquals" or "ForAnyValue:StringLike"',
);

/*
 * CloudFormation drops what is undefined, and IAM takes an operator that tests nothing: the permission would go out without its
 * condition. A variable of the environment that is not set is such a value.
 */
const VALUE_RULE = 'must be a text, a number, true or false, or a list of these: without a value there is no condition';
const value = z.union([z.string().min(1, { error: VALUE_RULE }), z.number(), z.boolean()], { error: VALUE_RULE });
const tests = z
  .record(z.string().min(1), z.union([value, z.array(value, { error: VALUE_RULE }).min(1)], { error: VALUE_RULE }), {
    error: 'must be an object of values by key, such as { "aws:PrincipalOrgID": "o-example" }',
  })
  .refine((given) => Object.keys(given).length > 0, { error: VALUE_RULE });

/** A managed policy takes 6,144 characters, and the CDK divides between statements alone. */
const MOST_CHARACTERS = 5_500;

/** A permission of a handler. Whether its resources are the gateway's own is seen later: that takes the gateway's name. */
export const permissionSchema = section({
  actions: z.array(action, { error: 'must be a list of actions' }).min(1, { error: 'must name an action' }),
  resources: z.array(resource, { error: 'must be a list of ARNs' }).min(1, { error: 'must name a resource' }),
  conditions: z
    .record(operator, tests, { error: 'must be the conditions of an IAM statement' })
    .refine((given) => Object.keys(given).length > 0, { error: 'must have a condition; leave it out if there is none' })
    .optional(),
}).refine((permission) => JSON.stringify(permission).length <= MOST_CHARACTERS, {
  error: `must have ${MOST_CHARACTERS} characters at most, which is what one policy of IAM takes: split it`,
});
