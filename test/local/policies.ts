import type { HookgateConfig } from '../../lib/config/config.ts';
import { attributesOf } from '../../local/template/attributes.ts';
import { resolver } from '../../local/template/resolver.ts';
import { synthesize } from '../../local/template/stack.ts';
import { ACCOUNT_ID } from '../../local/services/sqs.ts';
import { isAllowed } from './iam.ts';
import type { AccessRequest, PolicyDocument, Statement } from './iam.ts';

export const REGION = 'us-east-1';

/** A permission that a policy gives: an action on a resource, perhaps through one service alone. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly via?: string | undefined;
}

/** The policies of the synthesized stack, with the names that the local gateway gives its resources. */
export interface Policies {
  /** Logical ids of the functions. */
  readonly functions: readonly string[];
  /** ARN of a resource by its logical id. */
  readonly arn: (logicalId: string) => string;
  /** Everything that the policies of a function's role allow. */
  grants(functionId: string): readonly Grant[];
  /** Whether IAM lets a function do something: its role's policies and the resource's own, over TLS. */
  allows(functionId: string, grant: Grant, context?: AccessRequest['context']): boolean;
}

/** Synthesizes the stack of a configuration, and reads its policies. */
export async function readPolicies(config: HookgateConfig, awsEndpoint: string): Promise<Policies> {
  const { template, name: stackName } = await synthesize(config);
  const scope = { stackName, region: REGION, accountId: ACCOUNT_ID, awsEndpoint };
  const { resolve, physicalName } = resolver(template, scope);
  const all = Object.entries(template.Resources);
  const ofType = <Properties>(type: string): [string, Properties][] =>
    all.filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => [id, resolve(Properties) as Properties]);

  const arn = (logicalId: string): string => {
    const type = template.Resources[logicalId]?.Type ?? '';
    const { ref, attributes } = attributesOf(type, physicalName(logicalId), scope);
    return attributes.Arn ?? ref;
  };
  const roles = new Map(
    ofType<{ Role: string }>('AWS::Lambda::Function').map(([id, { Role }]) => [id, Role.slice(Role.indexOf('/') + 1)]),
  );
  const paths = new Map(ofType<{ Path?: string }>('AWS::IAM::Role').map(([id, { Path = '/' }]) => [id, Path]));
  const roleArns = new Map(
    [...roles].map(([id, role]) => [id, `arn:aws:iam::${ACCOUNT_ID}:role${paths.get(role) ?? '/'}${role}`]),
  );
  const policies = ofType<{ Roles: string[]; PolicyDocument: PolicyDocument }>('AWS::IAM::Policy');
  const resourcePolicies = new Map<string, PolicyDocument>([
    ...ofType<{ KeyPolicy: PolicyDocument }>('AWS::KMS::Key').map(
      ([id, { KeyPolicy }]) => [arn(id), KeyPolicy] as const,
    ),
    ...ofType<{ Queues: string[]; PolicyDocument: PolicyDocument }>('AWS::SQS::QueuePolicy').flatMap(
      ([, { Queues, PolicyDocument }]) =>
        Queues.map((url) => [`arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${lastOf(url)}`, PolicyDocument] as const),
    ),
    ...ofType<{ Bucket: string; PolicyDocument: PolicyDocument }>('AWS::S3::BucketPolicy').map(
      ([, { Bucket, PolicyDocument }]) => [`arn:aws:s3:::${Bucket}`, PolicyDocument] as const,
    ),
    ...ofType<{ EventBusName: string; Statement: Statement }>('AWS::Events::EventBusPolicy').map(
      ([, { EventBusName, Statement }]) =>
        [`arn:aws:events:${REGION}:${ACCOUNT_ID}:event-bus/${EventBusName}`, { Statement: [Statement] }] as const,
    ),
  ]);
  const documentsOf = (functionId: string): PolicyDocument[] =>
    policies
      .filter(([, { Roles }]) => Roles.includes(roles.get(functionId) ?? ''))
      .map(([, one]) => one.PolicyDocument);

  return {
    functions: [...roles.keys()],
    arn,
    grants: (functionId) => documentsOf(functionId).flatMap(({ Statement }) => Statement.flatMap(grantsOf)),
    allows(functionId, { action, resource, via }, context = {}) {
      const bucket = /^arn:aws:s3:::[^/]+/.exec(resource)?.[0] ?? resource;
      const principal = roleArns.get(functionId) ?? '';
      const request = {
        ...{ principal, account: ACCOUNT_ID, action, resource },
        context: {
          'aws:PrincipalArn': principal,
          'aws:SecureTransport': 'true',
          's3:TlsVersion': '1.2',
          ...(via !== undefined && { 'kms:ViaService': `${via}.${REGION}.amazonaws.com` }),
          ...context,
        },
      };
      return isAllowed(request, documentsOf(functionId), resourcePolicies.get(bucket));
    },
  };
}

function grantsOf({ Effect, Action, Resource, Condition }: Statement): Grant[] {
  if (Effect !== 'Allow') return [];
  const service = Condition?.StringEquals?.['kms:ViaService'];
  const [via] = (typeof service === 'string' ? service : '').split('.');
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource].flat().map((resource) => ({ action, resource, via: via === '' ? undefined : via })),
    );
}

const lastOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
