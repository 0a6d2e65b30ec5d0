import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unlessRefused } from '../../../lambdas/adapters/unless-refused.ts';
import { LEDGER, LEDGER_KEY } from '../../../lambdas/contract.ts';
import { RECORD } from './objects.ts';
import { OperatorError } from '../../operator-error.ts';
import type { OperatedGateway } from '../gateway.ts';
import { ledgerTable } from '../source-parts.ts';
import { entryAfter, headOf, START } from './entry.ts';
import type { Head, Statement } from './entry.ts';

/** The record of a gateway. */
export interface RecordStore {
  /** Adds an entry behind the last one, whoever else adds one at the same time. Resolves to its place. */
  append(statement: Statement): Promise<Head>;
  /** The kept head; undefined before the first entry. Entries of the last moment can be behind it. */
  head(): Promise<Head | undefined>;
  /** The text of an entry; undefined if there is none. */
  read(number: number): Promise<string | undefined>;
  /** The places at which there are entries, ascending. */
  numbers(): Promise<number[]>;
}

/** How often an entry is tried if others take its place. */
const TRIES = 50;

/**
 * The record in its bucket: an object per entry, made only if there is none of that number, so that two operators at once never fork
 * the chain. The head is an item of the ledger: to cut the end unseen takes rights on both, under two keys.
 */
export function recordStore(gateway: OperatedGateway): RecordStore {
  const [bucket, table] = [gateway.output('RecordBucket'), ledgerTable({ gateway })];
  const [s3, dynamo] = [gateway.client(S3Client), gateway.client(DynamoDBClient)];
  const headKey = { [LEDGER.partitionKey]: { S: LEDGER_KEY.recordHead() } };

  const head = async (): Promise<Head | undefined> => {
    const get = new GetItemCommand({ TableName: table, Key: headKey, ConsistentRead: true });
    const { recordNumber, recordHash } = (await dynamo.send(get)).Item ?? {};
    return recordHash?.S === undefined ? undefined : { number: Number(recordNumber?.N), hash: recordHash.S };
  };

  const read = async (number: number): Promise<string | undefined> => {
    try {
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: RECORD.keyOf(number) }));
      return (await body?.transformToString('utf8')) ?? '';
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  };

  /** The last entry: a run that was killed can have left some behind the head. */
  const last = async (): Promise<Head> => {
    let found = (await head()) ?? START;
    for (;;) {
      const text = await read(found.number + 1);
      if (text === undefined) return found;
      found = headOf(found.number + 1, text);
    }
  };

  const put = async ({ number }: Head, text: string): Promise<boolean> => {
    const object = { Bucket: bucket, Key: RECORD.keyOf(number), Body: text, ContentType: 'application/json' };
    try {
      await s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      if (nameOf(error) === 'ConditionalRequestConflict') return false;
      if (nameOf(error) !== 'PreconditionFailed') throw error;
      // A try whose answer was lost finds its own entry.
      return (await read(number)) === text;
    }
  };

  const keep = async ({ number, hash }: Head): Promise<void> => {
    const values = { ':number': { N: String(number) }, ':hash': { S: hash } };
    const update = new UpdateItemCommand({
      ...{ TableName: table, Key: headKey, ExpressionAttributeValues: values },
      UpdateExpression: 'SET recordNumber = :number, recordHash = :hash',
      ConditionExpression: 'attribute_not_exists(recordNumber) OR recordNumber < :number',
    });
    await unlessRefused(dynamo.send(update));
  };

  return {
    head,
    read,
    async append(statement) {
      for (let tries = 0; tries < TRIES; tries++) {
        const before = await last();
        const text = entryAfter(before, statement);
        const made = headOf(before.number + 1, text);
        if (!(await put(made, text))) continue;
        await keep(made);
        return made;
      }
      throw new OperatorError('Too many operators write the record at once: try again.');
    },
    async numbers() {
      const found: number[] = [];
      for await (const { Contents: objects = [] } of paginateListObjectsV2(
        { client: s3 },
        { Bucket: bucket, Prefix: RECORD.prefix },
      ))
        for (const { Key: key = '' } of objects) found.push(RECORD.numberOf(key));
      return found.sort((a, b) => a - b);
    },
  };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
