import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { traced } from '../../../lambdas/adapters/trace.ts';
import { eventually } from '../../local/eventually.ts';

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8';

describe('a traced client', () => {
  const daemon = createSocket('udp4');
  const received: string[] = [];
  const answer = { status: 200, body: '{}' };
  const service = createServer((_request, response) => {
    response.writeHead(answer.status, {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': 'request-1',
    });
    response.end(answer.body);
  });
  let client: DynamoDBClient;

  beforeAll(async () => {
    daemon.on('message', (message) => received.push(message.toString('utf8')));
    daemon.bind(0, '127.0.0.1');
    service.listen(0, '127.0.0.1');
    await Promise.all([once(daemon, 'listening'), once(service, 'listening')]);
    process.env.AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${daemon.address().port}`;
    const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = traced(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }), 'DynamoDB');
  });
  afterEach(() => {
    received.length = 0;
    Object.assign(answer, { status: 200, body: '{}' });
    delete process.env._X_AMZN_TRACE_ID;
  });
  afterAll(() => {
    delete process.env.AWS_XRAY_DAEMON_ADDRESS;
    client.destroy();
    daemon.close();
    service.close();
  });

  const get = () =>
    client.send(new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: 'event#osigu#evt_secret' } } }));
  const subsegment = async (): Promise<Record<string, unknown>> => {
    const message = await eventually(() => received[0]);
    const [header, document = ''] = message.split('\n');
    expect(header).toBe('{"format":"json","version":1}');
    return JSON.parse(document) as Record<string, unknown>;
  };

  it('tells of a call: service, operation, times and status, below the segment of the invocation', async () => {
    process.env._X_AMZN_TRACE_ID = `${TRACE};Sampled=1;Lineage=1:2:3`;
    await get();
    const document = await subsegment();
    expect(document).toEqual({
      ...{ name: 'DynamoDB', namespace: 'aws', type: 'subsegment' },
      ...{ trace_id: '1-5759e988-bd862e3fe1be46a994272793', parent_id: '53995c3f42cd8ad8' },
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      aws: { operation: 'GetItem', request_id: 'request-1' },
      http: { response: { status: 200 } },
    });
    expect(Math.abs(Number(document.start_time) - Date.now() / 1000)).toBeLessThan(10);
  });

  it.each([
    [400, 'ConditionalCheckFailedException', { error: true }],
    [500, 'InternalServerError', { fault: true }],
  ])('tells of an answer %d that it failed, and nothing of why', async (status, code, flags) => {
    process.env._X_AMZN_TRACE_ID = `${TRACE};Sampled=1`;
    Object.assign(answer, { status, body: JSON.stringify({ __type: code, message: 'the item of evt_secret' }) });
    await expect(get()).rejects.toThrow();
    expect(await subsegment()).toMatchObject({ ...flags, http: { response: { status } } });
    expect(received.join()).not.toContain('evt_secret');
  });

  it.each([
    ['not sampled', `${TRACE};Sampled=0`],
    ['no trace', ''],
    ['half a trace', 'Root=1-2;Sampled=1'],
  ])('is silent where there is %s', async (_, header) => {
    process.env._X_AMZN_TRACE_ID = header;
    await get();
    process.env._X_AMZN_TRACE_ID = `${TRACE};Sampled=1`;
    await get();
    await subsegment();
    expect(received).toHaveLength(1);
  });
});
