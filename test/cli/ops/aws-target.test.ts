import { APIGatewayClient, GetAccountCommand, GetResourcesCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ResourceNotFoundException,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { GetItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ENV, METRIC } from '../../../lambdas/contract.ts';
import { CLOSED } from '../../../lambdas/core/process/breaker.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { opsCommand } from '../../../cli/ops/command.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const config = resolveConfig({ sources: { osigu: { provider: 'osigu' } } });
const stack = mockClient(CloudFormationClient);
const secrets = mockClient(SecretsManagerClient);
const metrics = mockClient(CloudWatchClient);
const lambda = mockClient(LambdaClient);
/** The clients that the record of a change uses. */
const [bucket, ledger, sts] = [mockClient(S3Client), mockClient(DynamoDBClient), mockClient(STSClient)];

let typed = '';

const at = (time: string): Date => new Date(`2026-11-${time}Z`);

async function ops(...line: string[]) {
  const [printed, errors, codes]: [string[], string[], number[]] = [[], [], []];
  await opsCommand({
    env: {},
    loadConfig: () => config,
    clock: () => NOW,
    newId: () => 'id',
    readSecret: () => Promise.resolve(typed),
    via: 'test',
    print: (text) => void printed.push(text),
    printError: (text) => void errors.push(text),
    exit: (code) => void codes.push(code),
  }).parseAsync(line, { from: 'user' });
  return { code: codes[0], text: printed.join('\n'), error: errors.join('\n') };
}

const failure = (name: string, message: string): Error => Object.assign(new Error(message), { name, $metadata: {} });

beforeEach(() => {
  for (const mock of [stack, secrets, metrics, lambda, bucket, ledger, sts]) mock.reset();
  sts.on(GetCallerIdentityCommand).resolves({ Arn: 'arn:aws:iam::111122223333:user/ada' });
  bucket.on(GetObjectCommand).rejects(failure('NoSuchKey', 'none'));
  lambda.on(GetAliasCommand).rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
  bucket.on(PutObjectCommand).resolves({});
  ledger.on(GetItemCommand).resolves({});
  ledger.on(UpdateItemCommand).callsFake(({ ExpressionAttributeValues: values }: UpdateItemCommandInput) => {
    const [recordNumber = { N: '0' }, recordHash = { S: '' }] = [values?.[':number'], values?.[':hash']];
    ledger.on(GetItemCommand).resolves({ Item: { recordNumber, recordHash } });
    return {};
  });
  typed = '';
  const outputs = [
    [
      'hookgate-dev',
      [
        { OutputKey: 'RecordBucket', OutputValue: 'the-record' },
        { OutputKey: 'LedgerTable', OutputValue: 'the-ledger' },
      ],
    ],
    ['hookgate-dev--osigu', [{ OutputKey: 'OsiguSecretName', OutputValue: 'hookgate/dev/osigu' }]],
  ] as const;
  for (const [StackName, Outputs] of outputs)
    stack.on(DescribeStacksCommand, { StackName }).resolves({
      Stacks: [{ StackName, CreationTime: at('01T00:00:00'), StackStatus: 'CREATE_COMPLETE', Outputs: [...Outputs] }],
    });
  stack
    .on(DescribeStackResourceCommand, { StackName: 'hookgate-dev--osigu', LogicalResourceId: 'OsiguVerifier' })
    .resolves({
      StackResourceDetail: {
        LogicalResourceId: 'OsiguVerifier',
        PhysicalResourceId: 'the-verifier',
        ResourceType: 'AWS::Lambda::Function',
        LastUpdatedTimestamp: at('01T00:00:00'),
        ResourceStatus: 'CREATE_COMPLETE',
      },
    });
  secrets.on(ListSecretVersionIdsCommand, { SecretId: 'hookgate/dev/osigu' }).resolves({
    Versions: [
      // A rotation leaves AWSPENDING where AWSCURRENT is: nothing is pending.
      { VersionId: 'new', VersionStages: ['AWSPENDING', 'AWSCURRENT'], CreatedDate: at('22T06:00:00') },
      { VersionId: 'old', VersionStages: ['AWSPREVIOUS'], CreatedDate: at('01T06:00:00') },
      { VersionId: 'older', CreatedDate: at('01T05:00:00') },
    ],
  });
});

const holds = (values: Readonly<Record<string, string>>): void => {
  for (const [stage, value] of Object.entries(values)) {
    secrets
      .on(GetSecretValueCommand, { SecretId: 'hookgate/dev/osigu', VersionStage: stage })
      .resolves({ SecretString: value, VersionId: stage });
  }
};

describe('a secret on AWS', () => {
  it.each([
    ['local-secret-osigu', 'a default of the local gateway'],
    ['CHANGE_ME', 'a placeholder'],
    ['', 'is empty'],
  ])('is not said to be accepted while it is %j', async (value, why) => {
    holds({ AWSCURRENT: value, AWSPREVIOUS: 'an-older-secret' });
    metrics.on(GetMetricDataCommand).resolves({});
    const { code, text } = await ops('secret', 'status', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(text)).toMatchObject([
      {
        versions: [
          { label: 'current', accepted: false, flaw: expect.stringContaining(why) },
          { label: 'previous', accepted: true },
        ],
      },
    ]);
    if (value !== '') expect(text).not.toContain(value);
  });

  it('whose value may not be read is not said to be accepted', async () => {
    secrets.on(GetSecretValueCommand).rejects(failure('AccessDeniedException', 'no'));
    metrics.on(GetMetricDataCommand).resolves({});
    expect((await ops('secret', 'status')).text).toContain('unknown: it may not be read');
  });

  it('cannot be one of the local gateway', async () => {
    holds({ AWSCURRENT: 'the-current-secret', AWSPENDING: 'the-current-secret' });
    typed = 'local-secret-osigu';
    expect(await ops('secret', 'stage', 'osigu')).toMatchObject({
      code: 1,
      error: 'The secret is a default of the local gateway, which everybody knows; nothing has changed.',
    });
    expect(secrets.commandCalls(PutSecretValueCommand)).toHaveLength(0);
  });
});

describe('secret status on AWS', () => {
  it('says when each version last matched, since it has its label', async () => {
    holds({ AWSCURRENT: 'the-current-secret', AWSPREVIOUS: 'the-secret-before' });
    metrics.on(GetMetricDataCommand).resolves({
      MetricDataResults: [
        { Id: 'metric0', Timestamps: [at('22T11:55:00'), at('22T11:50:00')], Values: [1, 1] },
        // Before the current version was made, `previous` was another version's label.
        { Id: 'metric1', Timestamps: [at('22T05:50:00')], Values: [1] },
      ],
    });
    const { code, text } = await ops('secret', 'status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toEqual([
      {
        source: 'osigu',
        secret: 'hookgate/dev/osigu',
        rotation: 'by hand',
        versions: [
          {
            label: 'current',
            versionId: 'new',
            createdAt: '2026-11-22T06:00:00.000Z',
            ageDays: 0,
            lastMatchedAt: '2026-11-22T11:55:00.000Z',
            accepted: true,
            flaw: null,
          },
          {
            label: 'previous',
            versionId: 'old',
            createdAt: '2026-11-01T06:00:00.000Z',
            ageDays: 21,
            lastMatchedAt: null,
            acceptedUntil: '2026-11-23T06:00:00.000Z',
            accepted: true,
            flaw: null,
          },
        ],
      },
    ]);
  });

  it('asks for the metric as the verifier publishes it', async () => {
    holds({ AWSCURRENT: 'the-current-secret', AWSPREVIOUS: 'the-secret-before' });
    metrics.on(GetMetricDataCommand).resolves({});
    await ops('secret', 'status', 'osigu');
    const [call] = metrics.commandCalls(GetMetricDataCommand);
    expect(call?.args[0].input.MetricDataQueries?.map(({ MetricStat }) => MetricStat?.Metric)).toEqual(
      ['current', 'previous'].map((label) => ({
        Namespace: METRIC.namespace,
        MetricName: METRIC.verifiedWith,
        Dimensions: [
          { Name: 'service', Value: 'hookgate-dev' },
          { Name: METRIC.dimension.source, Value: 'osigu' },
          { Name: METRIC.dimension.secretVersion, Value: label },
        ],
      })),
    );
  });
});

describe('secret revoke-previous on AWS', () => {
  const variables = { [ENV.source]: 'osigu' };

  it('takes the label away and replaces the containers of the verifier', async () => {
    lambda
      .on(GetFunctionConfigurationCommand)
      .resolves({ Environment: { Variables: variables }, RevisionId: 'r1', LastUpdateStatus: 'Successful' });
    expect(await ops('secret', 'revoke-previous', 'osigu')).toMatchObject({ code: 0, error: '' });
    expect(secrets.commandCalls(UpdateSecretVersionStageCommand)[0]?.args[0].input).toEqual({
      SecretId: 'hookgate/dev/osigu',
      VersionStage: 'AWSPREVIOUS',
      RemoveFromVersionId: 'old',
    });
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'the-verifier',
      RevisionId: 'r1',
      Environment: { Variables: { ...variables, [ENV.containersSince]: '2026-11-22T12:00:00.000Z' } },
    });
  });

  it('is recorded before it is done, with the caller as STS knows it', async () => {
    lambda
      .on(GetFunctionConfigurationCommand)
      .resolves({ Environment: { Variables: variables }, RevisionId: 'r1', LastUpdateStatus: 'Successful' });
    await ops('secret', 'revoke-previous', 'osigu', '--reason', 'it leaked');
    const written = bucket.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);
    expect(written.map(({ Bucket, Key, IfNoneMatch }) => [Bucket, Key, IfNoneMatch])).toEqual([
      ['the-record', 'record/0000000001.json', '*'],
      ['the-record', 'record/0000000002.json', '*'],
    ]);
    const [first] = written;
    expect(JSON.parse(typeof first?.Body === 'string' ? first.Body : '')).toMatchObject({
      ...{ step: 'started', operation: 'secret revoke-previous', arguments: { source: 'osigu' }, reason: 'it leaked' },
      who: { identity: 'arn:aws:iam::111122223333:user/ada' },
    });
    bucket.on(PutObjectCommand).rejects(failure('AccessDenied', 'no'));
    secrets.resetHistory();
    expect((await ops('secret', 'revoke-previous', 'osigu')).error).toContain('Nothing was done');
    expect(secrets.commandCalls(UpdateSecretVersionStageCommand)).toHaveLength(0);
  });

  it('says for how long the old secret is still accepted where they cannot be replaced', async () => {
    lambda.on(GetFunctionConfigurationCommand).rejects(failure('AccessDeniedException', 'no'));
    const { code, text } = await ops('secret', 'revoke-previous', 'osigu');
    expect(code).toBe(1);
    expect(text).toContain('could not be replaced (AccessDeniedException)');
    expect(text).toContain('5 more minutes');
    expect(secrets.commandCalls(UpdateSecretVersionStageCommand)).toHaveLength(1);
  });
});

describe('secret revoke-previous of a source with gradual', () => {
  const api = mockClient(APIGatewayClient);
  const VERIFIER = 'arn:aws:lambda:eu-west-1:111122223333:function:hookgate-dev--osigu--verifier';
  const revoke = () => ops('secret', 'revoke-previous', 'osigu');

  beforeEach(() => {
    api.reset();
    lambda.on(GetAliasCommand).resolves({ Name: 'live', FunctionVersion: '3' });
    lambda
      .on(GetFunctionConfigurationCommand)
      .resolves({ Environment: { Variables: {} }, RevisionId: 'r1', LastUpdateStatus: 'Successful' });
    stack.on(DescribeStackResourceCommand, { StackName: 'hookgate-dev', LogicalResourceId: 'Api' }).resolves({
      StackResourceDetail: {
        ...{ LogicalResourceId: 'Api', PhysicalResourceId: 'the-api', ResourceType: 'AWS::ApiGateway::RestApi' },
        ...{ LastUpdatedTimestamp: at('01T00:00:00'), ResourceStatus: 'CREATE_COMPLETE' },
      },
    });
  });

  /** Has the API call this function by the route, beside one of another source that is led to its alias. */
  const routes = (functionArn: string): void => {
    const resource = (path: string, arn: string) => ({
      ...{ id: path, path },
      resourceMethods: {
        POST: {
          methodIntegration: {
            uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
          },
        },
      },
    });
    const other = resource('/webhooks/other', `${VERIFIER.replace('osigu', 'other')}:live`);
    const pages = [
      { items: [{ id: 'root', path: '/' }, other], position: 'next' },
      { items: [resource('/webhooks/osigu', functionArn)] },
    ];
    for (const [index, page] of pages.entries())
      api
        .on(GetResourcesCommand, {
          restApiId: 'the-api',
          embed: ['methods'],
          limit: 500,
          ...(index > 0 && { position: 'next' }),
        })
        .resolves(page);
  };

  it('replaces the verifier that the API calls by its name', async () => {
    routes(VERIFIER);
    expect(await revoke()).toMatchObject({ code: 0, text: expect.stringContaining('every verifier replaced') });
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand)).toHaveLength(1);
  });

  it('says that a published version stays as it is, and what to do', async () => {
    routes(`${VERIFIER}:live`);
    const { code, text } = await revoke();
    expect(code).toBe(1);
    expect(text).toContain('by gradual a published version is called');
    expect(text).toContain('5 more minutes');
    expect(text).toContain('docs/secrets.md');
  });

  it.each([
    ['lambda', () => void lambda.on(GetAliasCommand).rejects(failure('TooManyRequestsException', 'slow down'))],
    ['the API', () => void api.on(GetResourcesCommand).rejects(failure('TooManyRequestsException', 'slow down'))],
  ])('does not take a call that fails for an answer: %s', async (_, fail) => {
    routes(VERIFIER);
    fail();
    const { code, text } = await revoke();
    expect(code).toBe(1);
    expect(text).toContain('(TooManyRequestsException)');
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand)).toHaveLength(1);
  });
});

describe('what goes wrong on AWS', () => {
  it.each([
    ['ValidationError', 'Stack with id hookgate-prod does not exist', /hookgate-prod does not exist/],
    ['ExpiredToken', 'The security token included\nin the request is expired.', /ExpiredToken: The security token/],
    [
      'CredentialsProviderError',
      'Could not load credentials from any providers',
      /^AWS cannot be called: Could not.*AWS_PROFILE/,
    ],
    ['Error', 'Region is missing', /^AWS cannot be called: no region is set\. Set AWS_REGION/],
  ])('is one line: %s', async (name, message, line) => {
    stack.on(DescribeStacksCommand, { StackName: 'hookgate-prod' }).rejects(failure(name, message));
    const { code, error } = await ops('secret', 'status', '--stage', 'prod');
    expect(code).toBe(1);
    expect(error).toMatch(line);
    expect(error).not.toContain('\n');
  });

  it('repeats nothing that was sent', async () => {
    secrets.on(ListSecretVersionIdsCommand).rejects(failure('ValidationException', "Value 'the-secret' is invalid"));
    expect(await ops('secret', 'status')).toMatchObject({
      code: 1,
      error: 'AWS refused the call: ValidationException.',
    });
  });
});

describe('the status on AWS', () => {
  const account = mockClient(APIGatewayClient);
  const queues = mockClient(SQSClient);

  beforeEach(() => {
    account.reset();
    queues.on(GetQueueAttributesCommand).resolves({
      Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
    });
    metrics.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
    metrics.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
    const resource = { ResourceType: 'AWS::SQS::Queue', ResourceStatus: 'CREATE_COMPLETE' as const };
    stack.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }: { LogicalResourceId: string }) => ({
      StackResourceDetail: { ...resource, LogicalResourceId, PhysicalResourceId: `https://queue/${LogicalResourceId}` },
    }));
  });

  it('says that the access log is written', async () => {
    account.on(GetAccountCommand).resolves({ cloudwatchRoleArn: 'arn:aws:iam::111122223333:role/logs' });
    const { code, text } = await ops('status', '--json');
    expect(JSON.parse(text)).toMatchObject({ accessLog: 'written' });
    expect(code ?? 0).toBe(0);
  });

  it('needs somebody if the account has no role to write the access log with', async () => {
    account.on(GetAccountCommand).resolves({});
    const { code, text } = await ops('status');
    expect(text).toContain("Deploy with apiGatewayAccountRole: 'create', or give the account a role");
    expect(code).toBe(1);
  });

  it('holds without the permission to look at the account', async () => {
    account.on(GetAccountCommand).rejects(failure('AccessDeniedException', 'no'));
    const { code, text } = await ops('status', '--json');
    expect(JSON.parse(text)).toMatchObject({ accessLog: 'unknown' });
    expect(code ?? 0).toBe(0);
    expect((await ops('status')).text).toContain('your role needs apigateway:GET on /account');
  });
});

describe('redrive on AWS', () => {
  /** The queues, in which a letter that is moved is there again at once. */
  function mockedQueues() {
    const queues = mockClient(SQSClient);
    stack.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }: { LogicalResourceId: string }) => ({
      StackResourceDetail: { LogicalResourceId, PhysicalResourceId: `https://queue/${LogicalResourceId}` },
    }));
    queues.on(GetQueueAttributesCommand).resolves({
      Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '0' },
    });
    let deaths = 0;
    queues.on(ReceiveMessageCommand).callsFake(() => ({
      Messages: [{ MessageId: `m${++deaths}`, ReceiptHandle: `r${deaths}`, Body: 'text' }],
    }));
    return queues;
  }

  it.each([
    ['running', undefined, ['Next: see that they are processed: npm run ops -- status']],
    [
      'paused by an operator',
      { pausedAt: { N: String(NOW) }, pausedBy: { S: 'ada' }, pausedReason: { S: 'a migration' } },
      [
        'osigu is paused, so what is in its queue waits: a migration.',
        'Next: to have it go on: npm run ops -- resume osigu',
      ],
    ],
    [
      'paused by its breaker',
      { state: { S: JSON.stringify({ ...CLOSED, phase: 'open', since: NOW, probeAt: NOW + 1 }) } },
      [
        'Most tries of osigu fail, so what is in its queue waits until its breaker lets it go on.',
        'Next: see that they are processed: npm run ops -- status',
      ],
    ],
  ])('says what to do next if the source is %s', async (_, item, lines) => {
    ledger
      .on(GetItemCommand)
      .callsFake(({ Key }: GetItemCommandInput) => (Key?.pk?.S === 'breaker#osigu' && item ? { Item: item } : {}));
    ledger.on(UpdateItemCommand).resolves({});
    mockedQueues();
    const { text } = await ops('redrive', 'osigu');
    expect(text.split('\n').slice(-lines.length)).toEqual(lines);
  });

  it('does not move an event in circles that fails again at once', async () => {
    const queues = mockedQueues();
    const { text } = await ops('redrive', 'osigu', '--json');
    expect(queues.commandCalls(SendMessageCommand)).toHaveLength(1);
    expect(JSON.parse(text)).toEqual({ source: 'osigu', moved: 1, left: 1 });
  });
});
