import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { openPart, takeDirectory } from './data-directory.ts';
import { startDynamoDb } from './dynamodb.ts';
import type { EmbeddedService } from './embedded.ts';
import { eventBridge } from './event-bridge.ts';
import type { EventBridge } from './event-bridge.ts';
import { secretsManager } from './secrets-manager.ts';
import type { SecretsManager } from './secrets-manager.ts';
import { startS3 } from './s3.ts';
import { startSqs } from './sqs.ts';
import type { StandIn } from './stand-in.ts';

/** The stand-ins for the AWS services that the stack uses. */
export interface Services {
  readonly dynamoDb: EmbeddedService<DynamoDBClient>;
  readonly sqs: EmbeddedService<SQSClient>;
  readonly s3: EmbeddedService<S3Client>;
  readonly secretsManager: SecretsManager;
  readonly eventBridge: EventBridge;
  /** Each service's stand-in by its signing name. */
  readonly bySigningName: Readonly<Record<string, StandIn>>;
  stop(): Promise<void>;
}

/** Starts the stand-ins: in memory, or in a directory, in which they find what an earlier run kept there. */
export async function startServices(region: string, accountId: string, directory?: string): Promise<Services> {
  const kept = directory === undefined ? undefined : takeDirectory(directory);
  const [dynamoDb, sqs, s3] = await Promise.all([
    openPart(kept?.at('dynamodb'), () => startDynamoDb(region, kept?.at('dynamodb'))),
    openPart(kept?.at('sqs'), () => startSqs(region, kept?.at('sqs'))),
    openPart(kept?.at('s3'), () => startS3(region, kept?.at('s3'))),
  ]);
  const [secretsFile, busFile] = [kept?.at('secrets.json'), kept?.at('bus.jsonl')];
  const scope = { region, accountId, clock: () => Date.now(), file: secretsFile };
  const secrets = await openPart(secretsFile, () => secretsManager(scope));
  const bus = await openPart(busFile, () => eventBridge(busFile));
  return {
    dynamoDb,
    sqs,
    s3,
    secretsManager: secrets,
    eventBridge: bus,
    bySigningName: {
      dynamodb: dynamoDb.handle,
      sqs: sqs.handle,
      s3: s3.handle,
      secretsmanager: secrets.handle,
      events: bus.handle,
    },
    async stop() {
      await Promise.all([dynamoDb.stop(), sqs.stop(), s3.stop()]);
      kept?.release();
    },
  };
}
