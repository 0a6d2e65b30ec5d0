import { SendMessageCommand } from '@aws-sdk/client-sqs';

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
 * In which order messages come, and whether one comes twice, is the schedule's choice.
 */
export class MemoryQueue {
  readonly url: string;
  readonly messages: Message[] = [];
  readonly deadLetters: Message[] = [];
  #sent = 0;

  constructor(url: string) {
    this.url = url;
  }

  execute(command: unknown): { MessageId: string } {
    if (!(command instanceof SendMessageCommand)) throw new Error('a command that the memory queue does not know');
    return this.put(command.input.MessageBody ?? '');
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

  moveToDeadLetters(message: Message): void {
    this.delete(message.id);
    this.deadLetters.push(message);
  }

  /** Sends the dead letters back to the queue, as an operator does. */
  redrive(): void {
    for (const { id, text } of this.deadLetters.splice(0)) this.messages.push({ id, text, receives: 0, visibleAt: 0 });
  }

  state = (): string => JSON.stringify([this.messages, this.deadLetters]);
}
