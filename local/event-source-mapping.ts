import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { failedMessages, isBatchAnswer } from './batch-answer.ts';
import { MAX_REQUEST_BYTES } from './lambda/function-config.ts';
import type { InvokeResult } from './lambda/function-config.ts';

export interface MappingConfig {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  /** Messages of a batch, 1 to 10. */
  readonly batchSize: number;
  /** Batches at a time. */
  readonly maximumConcurrency: number;
  /** Whether the function answers which messages failed. */
  readonly reportsFailures: boolean;
}

export interface EventSourceMapping {
  /** Takes no more messages, and resolves when the batches under way are done. */
  stop(): Promise<void>;
}

/** Seconds of a long poll: what Lambda's own pollers use. */
const WAIT_SECONDS = 20;
/** Milliseconds to wait after a poll that failed. */
const PAUSE_MS = 500;

/**
 * Takes batches from a queue and invokes a function with each, as an event source mapping does
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html): a message that succeeded is deleted; one that failed is
 * left to the queue's visibility time-out and so, after enough tries, to its dead-letter queue.
 */
export function startMapping(
  config: MappingConfig,
  sqs: SQSClient,
  invoke: (payload: string) => Promise<InvokeResult>,
  log: (line: string) => void,
): EventSourceMapping {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  const handle = async (messages: readonly Message[]): Promise<void> => {
    for (const batch of withinOneRequest(messages)) await handleBatch(batch);
  };

  const handleBatch = async (messages: readonly Message[]): Promise<void> => {
    const event: SQSEvent = { Records: messages.map((message) => toRecord(message, config)) };
    const result = await invoke(JSON.stringify(event));
    if (!result.ok) {
      const { errorType } = result.error;
      log(`the function of ${config.queueArn} failed: ${errorType}: its ${messages.length} messages come back`);
    }
    if (config.reportsFailures && result.ok && !isBatchAnswer(result.payload)) {
      log(`the function of ${config.queueArn} gave no batch answer: its ${messages.length} messages come back`);
      return;
    }
    const failed = failedMessages(
      result,
      event.Records.map(({ messageId }) => messageId),
      config.reportsFailures,
    );
    await remove(messages.filter(({ MessageId: id }) => id !== undefined && !failed.has(id)));
  };

  const remove = async (messages: readonly Message[]): Promise<void> => {
    if (messages.length === 0) return;
    const entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: config.queueUrl, Entries: entries }));
  };

  const receive = async (): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: config.queueUrl,
      MaxNumberOfMessages: config.batchSize,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    try {
      return (await sqs.send(command, { abortSignal: stopping.signal })).Messages ?? [];
    } catch (error) {
      if (stopping.signal.aborted) return [];
      log(`polling ${config.queueArn} failed: ${errorMessage(error)}`);
      await sleep(PAUSE_MS);
      return [];
    }
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (underWay.size >= config.maximumConcurrency) {
        await Promise.race(underWay);
        continue;
      }
      const messages = await receive();
      if (messages.length === 0) continue;
      const batch = handle(messages)
        .catch((error: unknown) => log(`a batch of ${config.queueArn} failed: ${errorMessage(error)}`))
        .finally(() => underWay.delete(batch));
      underWay.add(batch);
    }
  };

  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(underWay);
    },
  };
}

/** Splits messages as Lambda does, so that a batch of large ones is within what one request holds. */
function withinOneRequest(messages: readonly Message[]): Message[][] {
  const batches: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    // In the request the text is put into JSON once more.
    const own = Buffer.byteLength(JSON.stringify(message.Body ?? '')) + RECORD_BYTES;
    const last = batches.at(-1);
    if (last && bytes + own <= MAX_REQUEST_BYTES) {
      last.push(message);
      bytes += own;
    } else {
      batches.push([message]);
      bytes = own;
    }
  }
  return batches;
}

/** Bytes of a record beside its text, at most. */
const RECORD_BYTES = 2_000;

const toRecord = (message: Message, { queueArn, region }: MappingConfig): SQSRecord => ({
  messageId: message.MessageId ?? '',
  receiptHandle: message.ReceiptHandle ?? '',
  body: message.Body ?? '',
  attributes: {
    ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? '1',
    SentTimestamp: message.Attributes?.SentTimestamp ?? '',
    SenderId: message.Attributes?.SenderId ?? '',
    ApproximateFirstReceiveTimestamp: message.Attributes?.ApproximateFirstReceiveTimestamp ?? '',
  },
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue, DataType = 'String' }]) => [
      name,
      { dataType: DataType, ...(StringValue !== undefined && { stringValue: StringValue }) },
    ]),
  ),
  md5OfBody: message.MD5OfBody ?? '',
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: region,
});

const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
