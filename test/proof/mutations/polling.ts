import type { Mutation } from './mutation.ts';

/** The code that fetches missed events. */
export const POLLING: readonly Mutation[] = [
  {
    name: 'a missed event acknowledged although it is not queued',
    file: 'lambdas/core/poll/entries.ts',
    from: "if (outcomes[index] === 'failed') allSafe = false;\n      else if (",
    to: "if (outcomes[index] === 'failed') allSafe = false;\n      if (",
    scenario: 'missed event',
  },
  {
    name: 'a missed event acknowledged before it is queued',
    file: 'lambdas/core/poll/pages.ts',
    from: '    const allSafe = await secureAll(entries, run);',
    to: `    await run.ports.cursor.save(run.ports.owner, { reopenDue: true });
    await missed.acknowledging?.acknowledge(entries.map(({ acknowledgeId }) => acknowledgeId ?? ''), api);
    const allSafe = await secureAll(entries, run);`,
    scenario: 'missed event',
  },
  {
    name: 'events that were acknowledged make the circuit be forgotten',
    file: 'lambdas/core/poll/acknowledge.ts',
    from: 'if (wereMissed && state.reopenDue !== true) await',
    to: 'if (wereMissed && state.reopenDue === false) await',
    scenario: 'missed event',
  },
  {
    name: 'what is delivered and what is listed are not brought together',
    file: 'lambdas/core/reconcile.ts',
    from: 'event.reconcileKey !== undefined',
    to: 'event.reconcileKey === null',
    scenario: 'delivered and listed',
  },
];
