import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestAws } from './test-aws.ts';
import type { TestAws } from './test-aws.ts';

let aws: TestAws;
let dynamo: DynamoDBClient;
let sqs: SQSClient;
let queueUrl: string;

beforeAll(async () => {
  aws = await startTestAws();
  dynamo = new DynamoDBClient(aws.client);
  sqs = new SQSClient({ ...aws.client, useQueueUrlAsEndpoint: false });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }))).QueueUrl ?? '';
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.stop());

const send = () => sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' }));

describe('the AWS endpoint', () => {
  it('tells the services apart, and records who called what', async () => {
    await dynamo.send(
      new CreateTableCommand({
        TableName: 'table',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    expect((await dynamo.send(new ListTablesCommand({}))).TableNames).toEqual(['table']);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
    expect(aws.calls.list().slice(-3)).toEqual([
      { function: 'Verifier', service: 'dynamodb', action: 'CreateTable', resource: 'table', status: 200 },
      { function: 'Verifier', service: 'dynamodb', action: 'ListTables', status: 200 },
      { function: 'Verifier', service: 'sqs', action: 'ListQueues', status: 200 },
    ]);
  });

  it('names no function if another caller signed', async () => {
    const credentials = { ...aws.client.credentials, accessKeyId: 'AKIDOPERATOR' };
    await new SQSClient({ ...aws.client, credentials }).send(new ListQueuesCommand({}));
    expect(aws.calls.list().at(-1)).toEqual({ service: 'sqs', action: 'ListQueues', status: 200 });
  });

  it('refuses what no stand-in answers', async () => {
    await expect(new EventBridgeClient(aws.client).send(new ListRulesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    const answer = await fetch(aws.client.endpoint, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, Signature=x',
        'x-amz-security-token': aws.client.credentials.sessionToken,
      },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'UnknownService' });
  });
});

describe('a fault', () => {
  it('is answered in place of the call, as often as asked for', async () => {
    aws.faults.add({ service: 'sqs', action: 'SendMessage', times: 2, status: 400, code: 'InvalidSecurity' });
    for (let tries = 0; tries < 2; tries++) await expect(send()).rejects.toMatchObject({ name: 'InvalidSecurity' });
    await send();
    expect(aws.calls.list().slice(-3)).toMatchObject([{ status: 400 }, { status: 400 }, { status: 200 }]);
  });

  it('meets only the service, action and function that it names', async () => {
    aws.faults.add({ service: 'dynamodb', status: 500, code: 'InternalServerError' });
    aws.faults.add({ service: 'sqs', action: 'DeleteMessage' });
    aws.faults.add({ service: 'sqs', function: 'Processor' });
    await send();
    await expect(dynamo.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(aws.faults.list()).toHaveLength(2);
  });

  it('lets as many calls pass as it is told to', async () => {
    aws.faults.add({ service: 'sqs', action: 'SendMessage', skip: 2 });
    await send();
    await send();
    await expect(send()).rejects.toMatchObject({ name: 'InternalFailure' });
    await send();
  });

  it('goes away when the faults are cleared', async () => {
    aws.faults.add({ service: 'sqs', times: 100 });
    aws.faults.clear();
    await send();
    expect(aws.faults.list()).toEqual([]);
  });
});
