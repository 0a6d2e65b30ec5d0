import type { Mutation } from './mutation.ts';

/** The code that tells the events of a delivery apart. */
export const SPLITTING: readonly Mutation[] = [
  {
    name: '200 although the delivery of several events was not queued',
    file: 'lambdas/core/receive/receive.ts',
    from: 'await ports.queue.send(batch);',
    to: 'await ports.queue.send(batch).catch(() => undefined);',
    scenario: 'a list of one',
  },
  {
    name: 'a delivery is taken off the queue although one of its events was not queued',
    file: 'lambdas/core/process/split.ts',
    from: 'if (errors.length > 0) throw errors[0];',
    to: '',
    scenario: 'a list of one',
  },
  {
    name: 'the events of a delivery are queued although its evidence was not kept',
    file: 'lambdas/core/process/split.ts',
    from: 'await ports.archive.keep(ports.archivedIn, [batch.value]);',
    to: 'await ports.archive.keep(ports.archivedIn, [batch.value]).catch(() => undefined);',
    scenario: 'a list of one',
  },
  {
    name: 'an event of a delivery has the body of all of them',
    file: 'lambdas/core/receive/batch-message.ts',
    from: 'body: body.subarray(...at)',
    to: 'body',
    scenario: 'several events',
  },
  {
    name: 'a part that nobody can read is processed with the others',
    file: 'lambdas/core/receive/batch-message.ts',
    from: '    ...(quarantine && { quarantine }),\n',
    to: '',
    scenario: 'unreadable beside readable',
  },
];
