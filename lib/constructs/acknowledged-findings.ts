import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** Findings of cdk-nag's packs AwsSolutions and HIPAA Security that stay, and why. */
export interface Acknowledged {
  /**
   * The rules as the packs call them. A name in braces stands for one of the names that `acknowledgeFindings` is given, for the partition, region or account of
   * the stack, or for each `function` in it.
   */
  readonly rules: readonly string[];
  readonly type: string;
  /** Which resources of that type. Default: all. */
  readonly of?: (resource: CfnResource) => boolean;
  readonly reason: string;
}

const named =
  (...logicalIds: string[]) =>
  ({ node }: CfnResource): boolean =>
    logicalIds.some((logicalId) => node.path.split('/').includes(logicalId));

/** Everything that is acknowledged, in one place for whoever reviews it. Every finding that could be put right has been. */
export const ACKNOWLEDGED: readonly Acknowledged[] = [
  {
    rules: ['AwsSolutions-APIG4', 'AwsSolutions-COG4'],
    type: 'AWS::ApiGateway::Method',
    reason:
      'A provider cannot sign in with IAM or Cognito. It signs each delivery, and the verifier proves the signature over the raw ' +
      'bytes before anything else happens.',
  },
  {
    rules: ['AwsSolutions-APIG2'],
    type: 'AWS::ApiGateway::RestApi',
    reason:
      'Bodies pass API Gateway as raw bytes, for signatures cover bytes: there is nothing that a model could be held against. The ' +
      'verifier checks size, headers and signature, and what is verified is accepted.',
  },
  {
    rules: ['AwsSolutions-APIG6', 'HIPAA.Security-APIGWExecutionLoggingEnabled'],
    type: 'AWS::ApiGateway::Stage',
    reason:
      'The access log has every request, under the customer-managed key. Execution logs can hold headers, and so signatures, and go ' +
      'to a log group of API Gateway, outside that key and its retention.',
  },
  {
    rules: ['HIPAA.Security-APIGWCacheEnabledAndEncrypted'],
    type: 'AWS::ApiGateway::Stage',
    reason: 'Deliveries are POST requests, each to be verified: an answer from a cache would lose an event.',
  },
  {
    rules: ['HIPAA.Security-APIGWSSLEnabled'],
    type: 'AWS::ApiGateway::Stage',
    reason:
      'A client certificate shows an HTTP backend that API Gateway calls it. The backends are functions, each invoked by its own ' +
      'route alone, with IAM.',
  },
  {
    rules: [
      'AwsSolutions-IAM4[Policy::arn:{partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    ],
    type: 'AWS::IAM::Role',
    of: named('CloudWatchRole'),
    reason:
      'The role is the account’s, for all its APIs: API Gateway refuses one that cannot write every log group. It is AWS’s own policy ' +
      'for that, and no code of the gateway runs with it.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    type: 'AWS::IAM::Policy',
    of: ({ node }) => /(Verifier|Processor|Poller|Rotator|SecretAges)Role\//.test(node.path),
    reason:
      'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources. No other statement of these roles has a wildcard; a test ' +
      'holds them to that.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::<{function}.Arn>:*]'],
    type: 'AWS::IAM::Policy',
    of: ({ node }) => node.path.includes('/ScheduleRole/'),
    reason:
      'The scheduler may invoke one function. The wildcard stands for the versions of that function, which has none.',
  },
  {
    rules: [
      'AwsSolutions-IAM5[Resource::{archive}/archive/{source}/*]',
      'AwsSolutions-IAM5[Resource::{bodies}/bodies/{source}/*]',
    ],
    type: 'AWS::IAM::Policy',
    reason:
      'The wildcard stands for the objects of one source: each function reads and writes those of its own, and of no other.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:{partition}:secretsmanager:{region}:{account}:secret:{secrets}/*]'],
    type: 'AWS::IAM::Policy',
    of: ({ node }) => node.path.includes('SecretAgesRole/'),
    reason:
      'The function may see when the versions of the gateway’s secrets were made, and no value. The secrets are in the stacks of their ' +
      'sources, and Secrets Manager adds characters to their names.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:{partition}:cloudwatch:{region}:{account}:alarm:*]'],
    type: 'AWS::IAM::Policy',
    of: ({ node }) => node.path.includes('Gradual/Role/'),
    reason:
      'CodeDeploy looks at the alarms of a deployment by one call for several alarms, which IAM checks against all alarms. It may read ' +
      'them, and change none.',
  },
  {
    rules: ['HIPAA.Security-IAMNoInlinePolicy'],
    type: 'AWS::IAM::Policy',
    reason:
      'Each policy belongs to one role and to nobody else, and comes and goes with it. As a managed policy it could be attached to ' +
      'another role, which would then read secrets.',
  },
  {
    rules: ['HIPAA.Security-LambdaConcurrency'],
    type: 'AWS::Lambda::Function',
    of: (resource) => resource instanceof CfnFunction && resource.reservedConcurrentExecutions === undefined,
    reason:
      'A reservation is a setting, off by default: a young account has ten executions in all, and could not deploy. Verifiers are ' +
      'bounded by the throttle of their route, processors by the maximum concurrency of their queue, the others run on a schedule.',
  },
  {
    rules: ['HIPAA.Security-LambdaDLQ'],
    type: 'AWS::Lambda::Function',
    reason:
      'A function’s own dead-letter queue is for events that Lambda queues. Verifiers and rotators are waited for by their caller, ' +
      'processors have the dead-letter queue of their source, and for what runs on a schedule the next run does the work.',
  },
  {
    rules: ['HIPAA.Security-LambdaInsideVPC'],
    type: 'AWS::Lambda::Function',
    reason:
      'The functions use AWS services and the providers’ APIs over TLS, and nothing in a network of the customer’s. A VPC would ' +
      'add a NAT and an endpoint for each service, and protect no resource.',
  },
  {
    rules: ['AwsSolutions-SMG4', 'HIPAA.Security-SecretsManagerRotationEnabled'],
    type: 'AWS::SecretsManager::Secret',
    of: (secret) => !isRotated(secret),
    reason:
      'The provider makes the value, or a person gives it to the provider: a rotation here alone would break every signature. ' +
      '`npm run ops -- secret` leads a person through it, and an alarm says when a signing secret is too old.',
  },
  {
    rules: ['HIPAA.Security-DynamoDBInBackupPlan'],
    type: 'AWS::DynamoDB::Table',
    reason:
      'Point-in-time recovery keeps every second of the last 35 days. A daily backup would restore an older ledger, and with it ' +
      'process events twice; it holds hashes, and no health data.',
  },
  {
    rules: ['AwsSolutions-S1', 'HIPAA.Security-S3BucketLoggingEnabled'],
    type: 'AWS::S3::Bucket',
    reason:
      'Server access logs come late or not at all, and their bucket cannot be under a customer-managed key. CloudTrail’s data events ' +
      'say who read which object, and are the account’s to turn on (SECURITY.md).',
  },
  {
    rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
    type: 'AWS::S3::Bucket',
    reason:
      'S3 keeps each object in three zones, versions bring back what was deleted, and all of it expires within weeks. A copy in ' +
      'another region would be health data in one more place.',
  },
  {
    rules: ['AwsSolutions-SQS3'],
    type: 'AWS::SQS::Queue',
    of: ({ node }) => node.path.split('/').some((id) => /Quarantine$|^EventBusDeadLetters$/.test(id)),
    reason: 'The messages in this queue wait for a person: no function takes from it, so nothing can fail there.',
  },
];

export const isResource = (construct: IConstruct): construct is CfnResource => CfnResource.isCfnResource(construct);

/** Whether a schedule of the stack rotates the secret. */
function isRotated(secret: CfnResource): boolean {
  const stack = Stack.of(secret);
  const schedules = stack.node
    .findAll()
    .filter(isResource)
    .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::SecretsManager::RotationSchedule');
  return schedules.some(
    (schedule) => JSON.stringify(stack.resolve(secretIdOf(schedule))) === JSON.stringify({ Ref: logicalIdOf(secret) }),
  );
}

const secretIdOf = (schedule: CfnResource): unknown => ('secretId' in schedule ? schedule.secretId : undefined);

export const logicalIdOf = (resource: CfnResource): string => String(Stack.of(resource).resolve(resource.logicalId));
