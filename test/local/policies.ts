import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { attributesOf } from '../../local/template/attributes.ts';
import { resolver } from '../../local/template/resolver.ts';
import { synthesize } from '../../local/template/stack.ts';
import { ACCOUNT_ID } from '../../local/services/sqs.ts';

export const REGION = 'us-east-1';

/** What a policy allows: an action on a resource, perhaps through one service alone. */
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
  allows(functionId: string, grant: Grant): Promise<boolean>;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string>> };
}

interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
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
  const policies = ofType<{ Roles: string[]; PolicyDocument: Document }>('AWS::IAM::Policy');
  const resourcePolicies = new Map<string, Document>([
    ...ofType<{ KeyPolicy: Document }>('AWS::KMS::Key').map(([id, { KeyPolicy }]) => [arn(id), KeyPolicy] as const),
    ...ofType<{ Queues: string[]; PolicyDocument: Document }>('AWS::SQS::QueuePolicy').flatMap(
      ([, { Queues, PolicyDocument }]) =>
        Queues.map((url) => [`arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${lastOf(url)}`, PolicyDocument] as const),
    ),
    ...ofType<{ Bucket: string; PolicyDocument: Document }>('AWS::S3::BucketPolicy').map(
      ([, { Bucket, PolicyDocument }]) => [`arn:aws:s3:::${Bucket}`, PolicyDocument] as const,
    ),
  ]);
  const documentsOf = (functionId: string): Document[] =>
    policies
      .filter(([, { Roles }]) => Roles.includes(roles.get(functionId) ?? ''))
      .map(([, one]) => one.PolicyDocument);

  return {
    functions: [...roles.keys()],
    arn,
    grants: (functionId) => documentsOf(functionId).flatMap(({ Statement }) => Statement.flatMap(grantsOf)),
    async allows(functionId, { action, resource, via }) {
      const bucket = /^arn:aws:s3:::[^/]+/.exec(resource)?.[0] ?? resource;
      const resourcePolicy = resourcePolicies.get(bucket);
      const outcome = await runSimulation(
        {
          request: {
            principal: `arn:aws:iam::${ACCOUNT_ID}:role/${roles.get(functionId) ?? ''}`,
            action,
            resource: { resource, accountId: ACCOUNT_ID },
            contextVariables: {
              'aws:SecureTransport': 'true',
              's3:TlsVersion': '1.2',
              ...(via !== undefined && { 'kms:ViaService': `${via}.${REGION}.amazonaws.com` }),
            },
          },
          identityPolicies: documentsOf(functionId).map((policy, index) => ({ name: `policy${index}`, policy })),
          serviceControlPolicies: [],
          resourceControlPolicies: [],
          ...(resourcePolicy && { resourcePolicy }),
        },
        {},
      );
      if (outcome.resultType === 'error') throw new Error(JSON.stringify(outcome.errors));
      return outcome.overallResult === 'Allowed';
    },
  };
}

function grantsOf({ Effect, Action, Resource, Condition }: Statement): Grant[] {
  if (Effect !== 'Allow') return [];
  const via = Condition?.StringEquals?.['kms:ViaService']?.split('.')[0];
  return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource, via })));
}

const lastOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
