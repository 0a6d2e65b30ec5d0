import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { sqsDeadLetters } from '../../../lambdas/adapters/dead-letters.ts';
import { sqsRetries } from '../../../lambdas/adapters/retries.ts';
import { DEAD_LETTER, MAX_MESSAGE_BYTES } from '../../../lambdas/contract.ts';
import { MemoryQueue } from '../../proof/queue.ts';

const URLS = { queueUrl: 'queue', deadLettersUrl: 'dead letters' };
const START = Date.parse('2026-01-02T03:04:06.000Z');

/** A source's two queues in memory, and the commands that were sent to them. */
function setUp() {
  const time = { now: START };
  const queues = Object.values(URLS).map((url) => new MemoryQueue(url, () => time.now, true));
  const [queue, dead] = queues as [MemoryQueue, MemoryQueue];
  const sent: object[] = [];
  let failure: Error | undefined;
  const send = (command: { readonly input: { readonly QueueUrl?: string } }): Promise<object> => {
    sent.push(command);
    if (failure && command instanceof SendMessageCommand) return Promise.reject(failure);
    const to = queues.find(({ url }) => url === command.input.QueueUrl);
    return Promise.resolve(to?.execute(command) ?? {});
  };
  const client = { send } as unknown as Parameters<typeof sqsDeadLetters>[0];
  return {
    ...{ queue, dead, sent, time },
    letters: sqsDeadLetters(client, URLS),
    retries: sqsRetries(client, URLS, new Map()),
    fails: (error: Error) => void (failure = error),
  };
}

describe('the dead letters of a source on SQS', () => {
  it('are seen with the reason of their last try, and when they died', async () => {
    const { letters, retries, dead, time } = setUp();
    await retries.giveUp('a', 'Unreachable');
    time.now += 5_000;
    dead.put('b');
    expect(await letters.take()).toEqual([
      { receipt: 'm1/1', text: 'a', reason: 'Unreachable', diedAt: START, isSpent: false },
      { receipt: 'm2/1', text: 'b', diedAt: START + 5_000, isSpent: false },
    ]);
  });

  it('are asked for by a long poll, ten at a time, and hidden from the next look', async () => {
    const { letters, dead, sent } = setUp();
    for (let count = 0; count < 12; count++) dead.put(`text ${count}`);
    expect([(await letters.take()).length, (await letters.take()).length, (await letters.take()).length]).toEqual([
      ...[10, 2, 0],
    ]);
    const [first] = sent;
    expect(first).toBeInstanceOf(ReceiveMessageCommand);
    expect(first).toMatchObject({ input: { WaitTimeSeconds: 1, VisibilityTimeout: 120 } });
  });

  it('can be given back to the next look', async () => {
    const { letters, dead, sent } = setUp();
    for (let count = 0; count < 12; count++) dead.put(`text ${count}`);
    const held = [...(await letters.take()), ...(await letters.take())];
    expect(await letters.take()).toEqual([]);
    await letters.giveBack(held);
    expect((await letters.take()).length + (await letters.take()).length).toBe(12);
    await letters.giveBack([]);
    expect(sent).toHaveLength(7);
  });

  it('go back after so many seconds with the mark that they did, and are deleted then', async () => {
    const { letters, retries, queue, dead, sent } = setUp();
    await retries.giveUp('a', 'Unreachable');
    const [letter] = await letters.take();
    if (!letter) throw new Error('there is no letter');
    await letters.putBack(letter, 30);
    expect(dead.messages).toEqual([]);
    expect(queue.messages).toMatchObject([
      { text: 'a', visibleAt: START + 30_000, attributes: { [DEAD_LETTER.repaired]: 'once' } },
    ]);
    expect(sent.slice(-2).map(({ constructor }) => constructor)).toEqual([SendMessageCommand, DeleteMessageCommand]);
  });

  it('stay where they are if they could not be sent', async () => {
    const { letters, retries, dead, fails } = setUp();
    await retries.giveUp('a', 'Unreachable');
    const [letter] = await letters.take();
    fails(new Error('down'));
    await expect(letters.putBack(letter ?? { receipt: '', text: '', diedAt: 0, isSpent: false }, 0)).rejects.toThrow(
      'down',
    );
    expect(dead.messages).toHaveLength(1);
  });

  it('are spent once they have gone back, whatever they died of then', async () => {
    const { letters, retries } = setUp();
    await retries.giveUp('a', 'Unreachable', true);
    expect(await letters.take()).toMatchObject([{ text: 'a', isSpent: true }]);
  });

  it('are spent if a message has no room for the mark: it could go back again and again', async () => {
    const { letters, retries, dead } = setUp();
    await retries.giveUp('x'.repeat(MAX_MESSAGE_BYTES), 'Unreachable');
    expect(dead.messages[0]?.attributes).toBeUndefined();
    const [letter] = await letters.take();
    expect([letter?.isSpent, letter?.reason]).toEqual([true, undefined]);
  });
});
