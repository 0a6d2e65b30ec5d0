import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyStore } from '../../lambdas/adapters/body-store.ts';
import { s3Objects } from '../../lambdas/adapters/s3.ts';
import { sha256 } from '../../lambdas/core/hash.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { startGateway } from '../../local/gateway.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';

export const [ARCHIVE, BODIES] = ['hookgate-dev-archive', 'hookgate-dev-bodies'];

/** A gateway with a source that publishes (osigu) and one whose handler leaves the bytes that it gets in files (nabla). */
export async function startStoringGateway() {
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-handled-'));
  const handler = join(directory, 'handler.ts');
  writeFileSync(handler, HANDLER.replace('DIRECTORY', JSON.stringify(directory)));
  const config = resolveConfig({
    stage: 'dev',
    retry: { firstDelaySeconds: 1 },
    sources: { osigu: { provider: 'osigu' }, nabla: { provider: 'nabla', handler } },
  });
  const lines: string[] = [];
  const gateway = await startGateway({ port: 0, config, log: (line) => void lines.push(line) });
  const settings = gateway.aws;
  const s3 = new S3Client(settings);
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  const dynamo = new DynamoDBClient(settings);
  const queueUrl = (name: string): string => gateway.sources.find((source) => source.name === name)?.queueUrl ?? '';
  return {
    ...{ gateway, lines, s3, sqs, queueUrl, lambda: new LambdaClient(settings) },
    bodies: bodyStore(s3Objects(BODIES, settings)),

    source(name: string): SourceClient {
      const source = config.sources.find((candidate) => candidate.name === name);
      if (!source) throw new Error(`there is no source ${name}`);
      return new SourceClient(gateway.url, source);
    },

    async object(bucket: string, key: string): Promise<Buffer> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },

    async ledgerItem(source: string, key: string) {
      const Key = { pk: { S: `event#${source}#${key}` } };
      return (await dynamo.send(new GetItemCommand({ TableName: 'Ledger', Key }))).Item ?? {};
    },

    /** The event as nabla's handler received it. */
    handledBody(key: string): Promise<Buffer> {
      const path = join(directory, sha256(key));
      return eventually(() => existsSync(path) && readFileSync(path), 20_000);
    },

    /** Has the failed messages of a source come back after a few seconds. */
    async comeBackQuickly(name: string): Promise<void> {
      // Longer than a try lasts on a busy machine: a message that came back meanwhile would use up its five tries.
      const Attributes = { VisibilityTimeout: '4' };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(name), Attributes }));
    },

    async stop(): Promise<void> {
      await gateway.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

const HANDLER = `
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
export const handler = async ({ key, body }: { key: string; body: Buffer }): Promise<void> => {
  const path = join(DIRECTORY, createHash('sha256').update(key).digest('hex'));
  writeFileSync(path + '.part', body);
  renameSync(path + '.part', path);
};
`;

/** An event of a source as its provider would send it, with a text that makes it as long as it has to be. */
export function largeEvent(source: SourceClient, bytes: number): Buffer {
  const event = JSON.parse(source.newEvent().toString('utf8')) as object;
  const note = 'José 😀 "\\'.repeat(Math.floor(bytes / 40));
  const padding = bytes - Buffer.byteLength(JSON.stringify({ ...event, note }));
  return Buffer.from(JSON.stringify({ ...event, note: note + 'a'.repeat(padding) }));
}
