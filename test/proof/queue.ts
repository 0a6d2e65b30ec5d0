import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';

/** A message of a queue. */
export interface Message {
  readonly id: string;
  readonly text: string;
  /** How often it was received. */
  receives: number;
  /** When it can be received again, milliseconds since the epoch. */
  visibleAt: number;
}

/**
 * A standard SQS queue in memory: a message that was received stays, unseen for the visibility time, until it is deleted.
 * In which order the processor gets messages, and whether one comes twice, is the schedule's choice.
 */
export class MemoryQueue {
  readonly url: string;
  readonly messages: Message[] = [];
  readonly #clock: () => number;
  #sent = 0;

  constructor(url: string, clock: () => number) {
    this.url = url;
    this.#clock = clock;
  }

  /** One call of SQS, as the adapters and the operator's commands make it. */
  execute(command: unknown): object {
    if (command instanceof SendMessageCommand) return this.put(command.input.MessageBody ?? '');
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

  put(text: string): { MessageId: string } {
    const id = `m${++this.#sent}`;
    this.messages.push({ id, text, receives: 0, visibleAt: 0 });
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

  #receive({ MaxNumberOfMessages: most = 1, VisibilityTimeout: seconds = 30 }: ReceiveMessageCommandInput): object {
    const now = this.#clock();
    const batch = this.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
    for (const message of batch) {
      message.receives++;
      message.visibleAt = now + seconds * 1000;
    }
    return {
      Messages: batch.map(({ id, text, receives }) => ({
        ...{ MessageId: id, ReceiptHandle: `${id}/${receives}`, Body: text },
      })),
    };
  }

  /** SQS promises nothing of a receipt handle once its message was received again: here it does nothing. */
  #heldBy = (receipt = ''): Message | undefined =>
    this.messages.find(({ id, receives }) => `${id}/${receives}` === receipt);
}
