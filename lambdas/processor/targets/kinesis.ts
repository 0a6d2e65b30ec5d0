import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { traced } from '../../adapters/trace.ts';
import { groupOf } from '../../core/process/task-names.ts';
import { oneByOne, settings, target, textOf } from './deliver.ts';

const MAX_BYTES = 1024 * 1024;

// The client's own handler speaks HTTP/2, whose one connection a frozen function finds dead.
const requestHandler = new NodeHttpHandler(settings.requestHandler);
const client = traced(new KinesisClient({ ...settings, requestHandler }), 'Kinesis');

/** Puts each event into a stream; events of one line are in one shard. */
export const makeHandler = oneByOne(async (task) => {
  const Data = Buffer.from(await textOf(task.event, MAX_BYTES - PARTITION_KEY_BYTES));
  await client.send(new PutRecordCommand({ StreamARN: target, Data, PartitionKey: groupOf(task) }));
});

/** The partition key counts too. */
const PARTITION_KEY_BYTES = 256;
