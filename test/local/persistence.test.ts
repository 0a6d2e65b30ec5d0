import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startServices } from '../../local/services/services.ts';
import type { Services } from '../../local/services/services.ts';
import { temporaryDirectory } from './temporary.ts';
import { createTable } from '../../local/services/create-table.ts';

const directory = temporaryDirectory();
const running = new Set<Services>();

async function start(): Promise<Services> {
  const services = await startServices('us-east-1', '000000000000', directory.path);
  running.add(services);
  return services;
}
async function stop(services: Services): Promise<void> {
  running.delete(services);
  await services.stop();
}

afterEach(() => Promise.all([...running].map(stop)));
afterAll(() => directory.remove());

const publish = (services: Services, detail: string) =>
  services.eventBridge.handle({
    ...{ service: 'events', action: 'PutEvents', method: 'POST', path: '/', headers: {} },
    body: Buffer.from(JSON.stringify({ Entries: [{ Source: 's', DetailType: 't', Detail: detail }] })),
  });

describe('the stand-ins in a directory', () => {
  it('hold after a restart what they held before', async () => {
    const before = await start();
    const key = { pk: { S: 'a' } };
    await createTable(before.dynamoDb.client, {
      TableName: 'table',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await before.dynamoDb.client.send(new PutItemCommand({ TableName: 'table', Item: { ...key, n: { N: '7' } } }));
    const { QueueUrl } = await before.sqs.client.send(new CreateQueueCommand({ QueueName: 'queue' }));
    await before.sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
    const { store } = before.secretsManager;
    const secret = store.create('secret');
    const first = store.put(secret, 'old', ['AWSCURRENT']);
    store.put(secret, 'new', ['AWSCURRENT']);
    await publish(before, '{"n":1}');
    await stop(before);

    const after = await start();
    const item = await after.dynamoDb.client.send(new GetItemCommand({ TableName: 'table', Key: key }));
    expect(item.Item).toEqual({ ...key, n: { N: '7' } });
    const received = await after.sqs.client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(received.Messages).toMatchObject([{ Body: 'waits' }]);
    const versions = [...after.secretsManager.store.get('secret').versions.values()];
    expect(versions.map(({ value, stages }) => [value, [...stages]])).toEqual([
      ['old', ['AWSPREVIOUS']],
      ['new', ['AWSCURRENT']],
    ]);
    expect(versions[0]).toMatchObject({ id: first.id, createdAt: first.createdAt });
    expect(after.eventBridge.published()).toMatchObject([{ detail: '{"n":1}' }]);
    expect(statSync(join(directory.path, 'secrets.json')).mode & 0o077).toBe(0);
  });

  it('take back a message that was looked at, with how often it was received', async () => {
    const { sqs } = await start();
    const { QueueUrl } = await sqs.client.send(new CreateQueueCommand({ QueueName: 'looked-at' }));
    await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
    const look = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    const [message] = (await sqs.client.send(look)).Messages ?? [];
    const { ReceiptHandle } = message ?? {};
    await sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    for (const services of running) await stop(services);

    const again = await start();
    const { Messages } = await again.sqs.client.send(look);
    expect(Messages).toMatchObject([{ Body: 'waits', Attributes: { ApproximateReceiveCount: '2' } }]);
  });

  it('go on after a process was killed as it wrote', async () => {
    appendFileSync(join(directory.path, 'bus.jsonl'), '{"id":"half of a li');
    const services = await start();
    await publish(services, '{"n":2}');
    await stop(services);
    const again = await start();
    expect(again.eventBridge.published().map(({ detail }) => detail)).toEqual(['{"n":1}', '{"n":2}']);
    expect(again.eventBridge.published(1, 1)).toHaveLength(1);
  });

  it('are refused to a second gateway', async () => {
    const services = await start();
    await expect(
      startServices('us-east-1', '000000000000', directory.path).then((second) => running.add(second)),
    ).rejects.toThrow('Another gateway uses');
    await stop(services);
  });
});
