/**
 * The handler that a provider's deliveries would have without a gateway: the primitive of its signature on the body, and the calls that
 * the verifier makes. It has no log, metric or second secret; it knows no other scheme, and checks nothing of the event.
 */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createHmac, createPublicKey, hash, timingSafeEqual, verify } from 'node:crypto';
import process from 'node:process';
import type { Primitive } from './primitive.ts';

const [dynamo, sqs, secrets] = [new DynamoDBClient({}), new SQSClient({}), new SecretsManagerClient({})];
const primitive = JSON.parse(process.env.BENCH_PRIMITIVE ?? '') as Primitive;
const TableName = 'bench';
let secret: string | undefined;

async function readSecret(): Promise<string> {
  for (const VersionStage of ['AWSPENDING', 'AWSCURRENT', 'AWSPREVIOUS']) {
    const read = secrets.send(new GetSecretValueCommand({ SecretId: 'bench', VersionStage }));
    const { SecretString } = await read.catch(() => ({ SecretString: undefined }));
    secret ??= SecretString;
  }
  return secret ?? '';
}

function isAuthentic(body: Buffer, stored: string): boolean {
  switch (primitive.kind) {
    case 'hmac': {
      const key = primitive.key === undefined ? stored : Buffer.from(primitive.key, 'base64');
      const signed = primitive.isEscaped ? escaped(body.toString('utf8')) : body;
      const mac = createHmac(primitive.hash, key).update(primitive.before).update(signed).digest();
      return timingSafeEqual(mac, Buffer.from(primitive.mac, 'base64'));
    }
    case 'public key': {
      const key = createPublicKey(primitive.pem);
      return verify(primitive.digest, body, key, Buffer.from(primitive.signature, 'base64'));
    }
    case 'token':
      return timingSafeEqual(hash('sha256', stored, 'buffer'), hash('sha256', primitive.token, 'buffer'));
  }
}

/** CGI escape, by the platform's own. */
export const escaped = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const body = Buffer.from(event.body ?? '', 'base64');
  if (!isAuthentic(body, secret ?? (await readSecret()))) return { statusCode: 401, body: '' };
  const bodyHash = hash('sha256', body);
  const text = body.toString('utf8');
  const json: unknown = primitive.isJson ? JSON.parse(text) : new URLSearchParams(text);
  const Key = { pk: { S: `bench#${bodyHash}` } };
  const now = new Date();
  await dynamo.send(
    new UpdateItemCommand({
      ...{ TableName, Key, ReturnValues: 'ALL_OLD' },
      UpdateExpression:
        'SET #source = if_not_exists(#source, :source), #status = if_not_exists(#status, :status), #hash = if_not_exists(#hash, :hash), #at = if_not_exists(#at, :at), #expires = if_not_exists(#expires, :expires) ADD deliveries :one',
      ConditionExpression: 'attribute_not_exists(pk) OR #expires >= :now',
      ExpressionAttributeNames: {
        ...{ '#source': 'source', '#status': 'status', '#hash': 'bodyHash', '#at': 'at', '#expires': 'expiresAt' },
      },
      ExpressionAttributeValues: {
        ...{ ':source': { S: 'bench' }, ':status': { S: 'PENDING' }, ':hash': { S: bodyHash } },
        ...{ ':at': { S: now.toISOString() }, ':expires': { N: '1900000000' }, ':now': { N: '1800000000' } },
        ':one': { N: '1' },
      },
    }),
  );
  const message = JSON.stringify({ source: 'bench', bodyHash, at: now, hasBody: json !== undefined, body: text });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
      MessageBody: message,
    }),
  );
  await dynamo.send(
    new UpdateItemCommand({
      ...{ TableName, Key, UpdateExpression: 'SET #status = :to', ConditionExpression: '#status = :pending' },
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':pending': { S: 'PENDING' }, ':to': { S: 'QUEUED' } },
    }),
  );
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"accepted"}' };
};
