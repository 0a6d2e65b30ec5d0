import type { Mutation } from './mutation.ts';

/** The way back of an outage's dead letters. */
export const REPAIRING: readonly Mutation[] = [
  {
    name: 'a dead letter is deleted before it is back in its queue',
    file: 'lambdas/adapters/dead-letters.ts',
    from: '    await client.send(\n      new SendMessageCommand(',
    to: '    await client.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle: receipt }));\n    await client.send(\n      new SendMessageCommand(',
    scenario: 'self-repair',
  },
  {
    name: 'a dead letter that was not sent is deleted all the same',
    file: 'lambdas/adapters/dead-letters.ts',
    from: 'DelaySeconds: seconds, MessageAttributes }),\n    );',
    to: 'DelaySeconds: seconds, MessageAttributes }),\n    ).catch(() => undefined);',
    scenario: 'self-repair',
  },
  {
    name: 'a permanent failure goes back by itself',
    file: 'lambdas/core/process/repair.ts',
    from: ' && !isPermanent(reason)',
    to: '',
    scenario: 'self-repair',
  },
  {
    name: 'a dead letter goes back although it has before',
    file: 'lambdas/adapters/dead-letters.ts',
    from: 'MessageAttributes?.[DEAD_LETTER.repaired] !== undefined ||',
    to: '',
    scenario: 'self-repair',
  },
  {
    name: 'nobody knows of a dead letter that it went back',
    file: 'lambdas/adapters/retries.ts',
    from: '...(wasRepaired && { [DEAD_LETTER.repaired]',
    to: '...(wasRepaired === null && { [DEAD_LETTER.repaired]',
    scenario: 'repaired in vain',
  },
  {
    name: 'one look that sees nothing ends the repair',
    file: 'lambdas/core/process/repair.ts',
    from: 'moved === 0 && clock() >= until',
    to: 'moved === 0',
    scenario: 'self-repair',
  },
];
