import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { startDynamoDb } from './dynamodb.ts';
import type { EmbeddedService } from './embedded.ts';
import { eventBridge } from './event-bridge.ts';
import type { EventBridge } from './event-bridge.ts';
import { secretsManager } from './secrets-manager.ts';
import type { SecretsManager } from './secrets-manager.ts';
import { startSqs } from './sqs.ts';
import type { StandIn } from './stand-in.ts';

/** The stand-ins for the AWS services that the stack uses. */
export interface Services {
  readonly dynamoDb: EmbeddedService<DynamoDBClient>;
  readonly sqs: EmbeddedService<SQSClient>;
  readonly secretsManager: SecretsManager;
  readonly eventBridge: EventBridge;
  /** Each service's stand-in by its signing name. */
  readonly bySigningName: Readonly<Record<string, StandIn>>;
  stop(): Promise<void>;
}

export async function startServices(region: string, accountId: string): Promise<Services> {
  const [dynamoDb, sqs] = await Promise.all([startDynamoDb(region), startSqs(region)]);
  const secrets = secretsManager({ region, accountId, clock: () => Date.now() });
  const bus = eventBridge();
  return {
    dynamoDb,
    sqs,
    secretsManager: secrets,
    eventBridge: bus,
    bySigningName: {
      dynamodb: dynamoDb.handle,
      sqs: sqs.handle,
      secretsmanager: secrets.handle,
      events: bus.handle,
    },
    async stop() {
      await Promise.all([dynamoDb.stop(), sqs.stop()]);
    },
  };
}
