import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Services } from '../services/services.ts';
import { CURRENT } from '../services/secret-store.ts';
import type { SecretStore } from '../services/secret-store.ts';
import { attributesOf } from './attributes.ts';
import type { Scope } from './attributes.ts';
import type { Resolver } from './resolver.ts';
import { resourcesOf } from './template.ts';
import type { Template } from './template.ts';
import { createTable } from '../services/create-table.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Projection = z.object({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']) });
const TableProperties = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), KeySchema, Projection })).optional(),
});

/** The queue attributes that change what a queue does. */
const QueueProperties = z.object({
  VisibilityTimeout: z.coerce.string().optional(),
  MessageRetentionPeriod: z.coerce.string().optional(),
  DelaySeconds: z.coerce.string().optional(),
  MaximumMessageSize: z.coerce.string().optional(),
  ReceiveMessageWaitTimeSeconds: z.coerce.string().optional(),
  RedrivePolicy: z
    .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
    .transform((policy) => JSON.stringify(policy))
    .optional(),
});

const SecretProperties = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: z.record(z.string(), z.unknown()).optional(),
});

/** Creates the template's tables, queues, buckets and buses in the stand-ins, unless an earlier run has. */
export async function provision(template: Template, resolver: Resolver, services: Services): Promise<void> {
  const { resolve, physicalName } = resolver;
  for (const type of ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']) {
    for (const { logicalId, properties } of resourcesOf(template, resolve, type, TableProperties)) {
      const table = { ...properties, TableName: physicalName(logicalId), BillingMode: 'PAY_PER_REQUEST' as const };
      await unlessThere(createTable(services.dynamoDb.client, table));
    }
  }
  for (const { logicalId, properties } of resourcesOf(template, resolve, 'AWS::SQS::Queue', QueueProperties)) {
    const attributes = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
    // A queue that is there keeps its messages, and gets the attributes that the template gives it now.
    const { QueueUrl } = await services.sqs.client.send(new CreateQueueCommand({ QueueName: physicalName(logicalId) }));
    await services.sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
  }
  for (const logicalId of Object.keys(template.Resources)) {
    if (template.Resources[logicalId]?.Type === BUCKET)
      await unlessThere(services.s3.client.send(new CreateBucketCommand({ Bucket: physicalName(logicalId) })));
    if (template.Resources[logicalId]?.Type === BUS) services.eventBridge.createBus(physicalName(logicalId));
  }
}

/**
 * Creates the template's secrets, each with the value given for its ARN, else with the one that the template gives or has
 * generated. A secret without either has no version yet, as in AWS.
 */
export function provisionSecrets(
  template: Template,
  { resolve, physicalName }: Resolver,
  scope: Scope,
  store: SecretStore,
  values: ReadonlyMap<string, string>,
): void {
  for (const { logicalId, properties } of resourcesOf(template, resolve, SECRET, SecretProperties)) {
    const name = physicalName(logicalId);
    // A secret that an earlier run left keeps its versions.
    if (store.has(name)) continue;
    const secret = store.create(name);
    const value =
      values.get(attributesOf(SECRET, name, scope).ref) ??
      properties.SecretString ??
      (properties.GenerateSecretString && randomBytes(24).toString('base64url'));
    if (value !== undefined) store.put(secret, value, [CURRENT]);
  }
}

/** Errors that say that an earlier run made the resource in the same data directory. */
const THERE = new Set(['ResourceInUseException', 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists']);

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof Error && THERE.has(error.name))) throw error;
  });
}

const SECRET = 'AWS::SecretsManager::Secret';
const BUS = 'AWS::Events::EventBus';
const BUCKET = 'AWS::S3::Bucket';
