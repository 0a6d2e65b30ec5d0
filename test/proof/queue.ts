import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { ReceiveMessageCommandInput, SendMessageCommandInput } from '@aws-sdk/client-sqs';

/** A message of a queue. */
export interface Message {
  readonly id: string;
  readonly text: string;
  /** How often it was received. */
  receives: number;
  /** When it can be received again, milliseconds since the epoch. */
  visibleAt: number;
  /** Its attributes, if it has any. */
  readonly attributes?: Attributes;
  /** When it was sent, milliseconds since the epoch; only in a queue of which somebody asks. */
  readonly sentAt?: number;
}

/** The texts of a message's attributes, by their names. */
export type Attributes = Readonly<Record<string, string>>;

/**
 * A standard SQS queue in memory: a message that was received stays, unseen for the visibility time, until it is deleted.
 * In which order the processor gets messages, and whether one comes twice, is the schedule's choice.
 */
export class MemoryQueue {
  readonly url: string;
  readonly messages: Message[] = [];
  readonly #clock: () => number;
  readonly #isDated: boolean;
  #sent = 0;

  /** `isDated`: somebody asks when a message was sent, which tells states apart then. */
  constructor(url: string, clock: () => number, isDated = false) {
    this.url = url;
    this.#clock = clock;
    this.#isDated = isDated;
  }

  /** One call of SQS, as the adapters and the operator's commands make it. */
  execute(command: unknown): object {
    if (command instanceof SendMessageCommand) {
      const { MessageBody: text = '', DelaySeconds: seconds = 0 } = command.input;
      return this.put(text, {
        attributes: attributesOf(command.input),
        visibleAt: seconds && this.#clock() + seconds * 1000,
      });
    }
    if (command instanceof ReceiveMessageCommand) return this.#receive(command.input);
    if (command instanceof DeleteMessageCommand) {
      const message = this.#heldBy(command.input.ReceiptHandle);
      if (message) this.delete(message.id);
      return {};
    }
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      for (const { ReceiptHandle: receipt, VisibilityTimeout: seconds = 0 } of command.input.Entries ?? []) {
        const message = this.#heldBy(receipt);
        if (message) message.visibleAt = this.#clock() + seconds * 1000;
      }
      return {};
    }
    if (command instanceof ChangeMessageVisibilityCommand) {
      const { ReceiptHandle: receipt, VisibilityTimeout: seconds = 0 } = command.input;
      const message = this.#heldBy(receipt);
      if (message) message.visibleAt = this.#clock() + seconds * 1000;
      return {};
    }
    if (command instanceof GetQueueAttributesCommand) {
      const waiting = this.messages.filter(({ visibleAt }) => visibleAt <= this.#clock()).length;
      const numbers = [waiting, this.messages.length - waiting].map(String);
      const [ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible] = numbers;
      return { Attributes: { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } };
    }
    throw new Error('a command that the memory queue does not know');
  }

  put(
    text: string,
    { visibleAt = 0, attributes, sentAt = this.#clock() }: Partial<Message> = {},
  ): { MessageId: string } {
    const id = `m${++this.#sent}`;
    this.messages.push({
      ...{ id, text, receives: 0, visibleAt },
      ...(attributes && Object.keys(attributes).length > 0 && { attributes }),
      ...(this.#isDated && { sentAt }),
    });
    return { MessageId: id };
  }

  delete(id: string): void {
    const index = this.messages.findIndex((message) => message.id === id);
    if (index >= 0) this.messages.splice(index, 1);
  }

  /** Hands a message over to the queue of the dead letters, as SQS does after too many tries. */
  giveUp({ id, text }: Message, deadLetters: MemoryQueue): void {
    this.delete(id);
    deadLetters.put(text);
  }

  state = (): string => JSON.stringify(this.messages);

  #receive({
    MaxNumberOfMessages: most = 1,
    VisibilityTimeout: seconds = 30,
    MessageAttributeNames: names = [],
  }: ReceiveMessageCommandInput): object {
    const now = this.#clock();
    const batch = this.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
    for (const message of batch) {
      message.receives++;
      message.visibleAt = now + seconds * 1000;
    }
    return {
      Messages: batch.map(({ id, text, receives, attributes = {}, sentAt }) => {
        const asked = Object.entries(attributes).filter(([name]) => names.includes(name));
        return {
          ...{ MessageId: id, ReceiptHandle: `${id}/${receives}`, Body: text },
          ...(sentAt !== undefined && { Attributes: { SentTimestamp: String(sentAt) } }),
          ...(asked.length > 0 && {
            MessageAttributes: Object.fromEntries(asked.map(([name, StringValue]) => [name, { StringValue }])),
          }),
        };
      }),
    };
  }

  /** SQS promises nothing of a receipt handle once its message was received again: here it does nothing. */
  #heldBy = (receipt = ''): Message | undefined =>
    this.messages.find(({ id, receives }) => `${id}/${receives}` === receipt);
}

export const attributesOf = ({ MessageAttributes: all = {} }: SendMessageCommandInput): Attributes =>
  Object.fromEntries(Object.entries(all).map(([name, { StringValue: value = '' }]) => [name, value]));
