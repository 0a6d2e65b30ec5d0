import {
  APIGatewayClient,
  GetDeploymentCommand,
  GetGatewayResponseCommand,
  GetMethodCommand,
  GetResourceCommand,
  GetRestApiCommand,
  GetStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand, GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetLoggingConfigurationCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import type { Moto } from './moto.ts';

/** The facts that AWS states about a resource, under the names that the template's properties have. */
export type Facts = Readonly<Record<string, unknown>>;

/** Reads a resource by its physical id. `properties` are those of the template, its references resolved. */
export type Reader = (id: string, properties: Readonly<Record<string, unknown>>) => Promise<Facts>;

/** Types of which nothing can be read back, and why. */
export const NOT_READ: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'API Gateway’s role for logs: moto keeps none',
  'AWS::S3::BucketPolicy': 'moto would enforce it without its conditions, so the server does not apply it',
  'AWS::XRay::SamplingRule': 'moto keeps no rules of X-Ray',
  'AWS::Events::Rule': 'moto leaves out what it does not know of a pattern',
  'AWS::CDK::Metadata': 'no resource',
};

/** How each type of the template is read back, by the service's own API and not by CloudFormation's. */
export function readers({ client }: Moto): Readonly<Record<string, Reader>> {
  const api = new APIGatewayClient(client);
  const alarms = new CloudWatchClient(client);
  const logs = new CloudWatchLogsClient(client);
  const tables = new DynamoDBClient(client);
  const buses = new EventBridgeClient(client);
  const iam = new IAMClient(client);
  const kms = new KMSClient(client);
  const lambda = new LambdaClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const scheduler = new SchedulerClient(client);
  const secrets = new SecretsManagerClient(client);
  const topics = new SNSClient(client);
  const queues = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const waf = new WAFV2Client(client);
  const queue = async (url: string) =>
    (await queues.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes ?? {};
  const topic = async (arn: string) =>
    (await topics.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes ?? {};

  return {
    'AWS::ApiGateway::Deployment': async (id, { RestApiId }) => {
      const found = await api.send(new GetDeploymentCommand({ restApiId: text(RestApiId), deploymentId: id }));
      return { Description: found.description };
    },
    'AWS::ApiGateway::GatewayResponse': async (_id, { RestApiId, ResponseType }) => {
      const of = { restApiId: text(RestApiId), responseType: text(ResponseType) as 'THROTTLED' };
      const found = await api.send(new GetGatewayResponseCommand(of));
      return { StatusCode: found.statusCode, ResponseTemplates: found.responseTemplates };
    },
    'AWS::ApiGateway::Method': async (_id, { RestApiId, ResourceId, HttpMethod }) => {
      const of = { restApiId: text(RestApiId), resourceId: text(ResourceId), httpMethod: text(HttpMethod) };
      const { httpMethod, authorizationType, methodIntegration } = await api.send(new GetMethodCommand(of));
      const { type, uri, httpMethod: by } = methodIntegration ?? {};
      return {
        HttpMethod: httpMethod,
        AuthorizationType: authorizationType,
        Integration: { Type: type, Uri: uri, IntegrationHttpMethod: by },
      };
    },
    'AWS::ApiGateway::Resource': async (id, { RestApiId }) => {
      const found = await api.send(new GetResourceCommand({ restApiId: text(RestApiId), resourceId: id }));
      return { PathPart: found.pathPart, ParentId: found.parentId };
    },
    'AWS::ApiGateway::RestApi': async (id) => {
      const found = await api.send(new GetRestApiCommand({ restApiId: id }));
      return { Name: found.name, Description: found.description };
    },
    'AWS::ApiGateway::Stage': async (id, { RestApiId }) => {
      const found = await api.send(new GetStageCommand({ restApiId: text(RestApiId), stageName: id }));
      const { destinationArn: DestinationArn, format: Format } = found.accessLogSettings ?? {};
      return {
        StageName: found.stageName,
        DeploymentId: found.deploymentId,
        AccessLogSetting: { DestinationArn, Format },
      };
    },
    'AWS::CloudWatch::Alarm': async (id) => {
      const [found] = (await alarms.send(new DescribeAlarmsCommand({ AlarmNames: [id] }))).MetricAlarms ?? [];
      const { AlarmName, AlarmDescription, MetricName, Threshold, ComparisonOperator, AlarmActions } = found ?? {};
      return { AlarmName, AlarmDescription, MetricName, Threshold, ComparisonOperator, AlarmActions };
    },
    'AWS::CloudWatch::Dashboard': async (id) => {
      const found = await alarms.send(new GetDashboardCommand({ DashboardName: id }));
      return { DashboardName: found.DashboardName, DashboardBody: found.DashboardBody };
    },
    'AWS::DynamoDB::Table': async (id) => {
      const { Table } = await tables.send(new DescribeTableCommand({ TableName: id }));
      const { TimeToLiveDescription } = await tables.send(new DescribeTimeToLiveCommand({ TableName: id }));
      const backups = await tables.send(new DescribeContinuousBackupsCommand({ TableName: id }));
      const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      return {
        BillingMode: Table?.BillingModeSummary?.BillingMode,
        KeySchema: Table?.KeySchema,
        DeletionProtectionEnabled: Table?.DeletionProtectionEnabled,
        TimeToLiveSpecification: {
          AttributeName: TimeToLiveDescription?.AttributeName,
          Enabled: TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED',
        },
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
        },
      };
    },
    'AWS::Events::EventBus': async (id) => ({
      Name: (await buses.send(new DescribeEventBusCommand({ Name: id }))).Name,
    }),
    'AWS::Events::EventBusPolicy': async (id) => {
      const { Policy = '{}' } = await buses.send(new DescribeEventBusCommand({ Name: id.split('|')[0] }));
      const [statement] = (JSON.parse(Policy) as { Statement: Record<string, unknown>[] }).Statement;
      return { StatementId: statement?.Sid };
    },
    'AWS::IAM::Policy': async (_id, { Roles }) => {
      const [role] = Roles as string[];
      const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
      const [name, ...others] = PolicyNames ?? [];
      if (others.length > 0) throw new Error(`${String(role)} has more than one policy`);
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      return { PolicyDocument: JSON.parse(decodeURIComponent(PolicyDocument ?? '')) };
    },
    'AWS::IAM::Role': async (id) => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: id }));
      return { AssumeRolePolicyDocument: JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')) };
    },
    'AWS::KMS::Key': async (id) => {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
      const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId: id }));
      return { Description: KeyMetadata?.Description, EnableKeyRotation: KeyRotationEnabled };
    },
    'AWS::Lambda::EventInvokeConfig': async (_id, { FunctionName }) => {
      const of = { FunctionName: text(FunctionName) };
      const found = await lambda.send(new GetFunctionEventInvokeConfigCommand(of));
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = found;
      return { MaximumRetryAttempts, MaximumEventAgeInSeconds };
    },
    'AWS::Lambda::EventSourceMapping': async (id) => {
      const found = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
      return { BatchSize: found.BatchSize, EventSourceArn: found.EventSourceArn };
    },
    'AWS::Lambda::Function': async (id) => {
      const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id }));
      const { Runtime, Handler, MemorySize, Timeout, Role, Environment } = found;
      return { Runtime, Handler, MemorySize, Timeout, Role, Environment: { Variables: Environment?.Variables } };
    },
    'AWS::Lambda::Permission': async (_id, { FunctionName, SourceArn }) => {
      const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: text(FunctionName) }));
      const { Statement } = JSON.parse(Policy ?? '{}') as { Statement: LambdaStatement[] };
      const found = Statement.find(({ Condition }) => Condition?.ArnLike['AWS:SourceArn'] === SourceArn);
      return { Action: found?.Action, Principal: found?.Principal.Service };
    },
    'AWS::Logs::LogGroup': async (id) => {
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
      const found = logGroups.find(({ logGroupName }) => logGroupName === id);
      // moto keeps no key of a log group that CloudFormation makes.
      return { RetentionInDays: found?.retentionInDays };
    },
    'AWS::Logs::MetricFilter': async (id, { LogGroupName }) => {
      const of = { logGroupName: text(LogGroupName), filterNamePrefix: id };
      const [found] = (await logs.send(new DescribeMetricFiltersCommand(of))).metricFilters ?? [];
      const [{ metricName: MetricName, metricNamespace: MetricNamespace } = {}] = found?.metricTransformations ?? [];
      return { FilterPattern: found?.filterPattern, MetricTransformations: [{ MetricName, MetricNamespace }] };
    },
    'AWS::S3::Bucket': async (id) => {
      const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: id }));
      const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
      const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
      const encryption = { ServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID } };
      return { BucketEncryption: { ServerSideEncryptionConfiguration: [encryption] } };
    },
    'AWS::SNS::Topic': async (arn) => {
      const { DisplayName, KmsMasterKeyId } = await topic(arn);
      return { DisplayName, KmsMasterKeyId };
    },
    'AWS::SNS::TopicPolicy': async (_id, { Topics }) => ({
      PolicyDocument: JSON.parse((await topic((Topics as string[])[0] ?? '')).Policy ?? ''),
    }),
    'AWS::SQS::Queue': async (url) => {
      const found = await queue(url);
      return {
        KmsMasterKeyId: found.KmsMasterKeyId,
        MaximumMessageSize: Number(found.MaximumMessageSize),
        MessageRetentionPeriod: Number(found.MessageRetentionPeriod),
        VisibilityTimeout: Number(found.VisibilityTimeout),
        RedrivePolicy: JSON.parse(found.RedrivePolicy ?? 'null'),
      };
    },
    'AWS::SQS::QueuePolicy': async (_id, { Queues }) => ({
      PolicyDocument: JSON.parse((await queue((Queues as string[])[0] ?? '')).Policy ?? ''),
    }),
    'AWS::Scheduler::Schedule': async (id) => {
      const { ScheduleExpression, State, Target } = await scheduler.send(new GetScheduleCommand({ Name: id }));
      return { ScheduleExpression, State, Target: { Arn: Target?.Arn, RoleArn: Target?.RoleArn } };
    },
    'AWS::SecretsManager::RotationSchedule': async (id) => {
      const found = await secrets.send(new DescribeSecretCommand({ SecretId: id }));
      return { RotationLambdaARN: found.RotationLambdaARN };
    },
    'AWS::SecretsManager::Secret': async (arn) => {
      const { Name, KmsKeyId, Description } = await secrets.send(new DescribeSecretCommand({ SecretId: arn }));
      return { Name, KmsKeyId, Description };
    },
    'AWS::WAFv2::LoggingConfiguration': async (arn) => {
      const found = await waf.send(new GetLoggingConfigurationCommand({ ResourceArn: arn }));
      return { LogDestinationConfigs: found.LoggingConfiguration?.LogDestinationConfigs };
    },
    'AWS::WAFv2::WebACL': async (id) => {
      const [Name, Id] = id.split('|');
      const { WebACL } = await waf.send(new GetWebACLCommand({ Name, Id, Scope: 'REGIONAL' }));
      return {
        Name: WebACL?.Name,
        Rules: WebACL?.Rules?.map((rule) => ({ Name: rule.Name, Priority: rule.Priority })),
      };
    },
    'AWS::WAFv2::WebACLAssociation': async (_id, { ResourceArn }) => {
      const { WebACL } = await waf.send(new GetWebACLForResourceCommand({ ResourceArn: text(ResourceArn) }));
      return { WebACLArn: WebACL?.ARN };
    },
  };
}

interface LambdaStatement {
  readonly Action: string;
  readonly Principal: { readonly Service: string };
  readonly Condition?: { readonly ArnLike: { readonly 'AWS:SourceArn': string } };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
}
