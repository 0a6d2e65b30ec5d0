import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { traced } from '../../adapters/trace.ts';
import { oneByOne, settings, target, textOf } from './deliver.ts';

const MAX_BYTES = 1000 * 1024;

const client = traced(new FirehoseClient(settings), 'Firehose');
const DeliveryStreamName = target.slice(target.indexOf('/') + 1);

/** Puts each event into a delivery stream, as a line of its own. */
export const makeHandler = oneByOne(async ({ event }) => {
  const Data = Buffer.from(`${await textOf(event, MAX_BYTES - 1)}\n`);
  await client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data } }));
});
