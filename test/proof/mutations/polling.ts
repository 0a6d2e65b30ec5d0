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
  {
    name: 'a number taken for safe because it was asked for',
    file: 'lambdas/core/poll/numbered/asking.ts',
    from: 'return without({ from, to }, await safeOf(claimed, isSafe));',
    to: 'return without({ from, to }, claimed);',
    scenario: 'numbered gap',
  },
  {
    name: 'a number taken for safe because it is claimed',
    file: 'lambdas/adapters/safe-events.ts',
    from: "return status !== undefined && status !== 'PENDING';",
    to: 'return status !== undefined;',
    scenario: 'numbered gap',
  },
  {
    name: 'a number that was seen, and is not known to be missing',
    file: 'lambdas/core/poll/numbered/look.ts',
    from: '...found.map((range) => ({ ...range, since, isTold: false }))',
    to: '...found.slice(1).map((range) => ({ ...range, since, isTold: false }))',
    scenario: 'numbered gap',
  },
  {
    name: 'the cursor of a log passes an event that is not safe',
    file: 'lambdas/core/poll/log.ts',
    from: 'isClean = (await secureLogged(part, run)) && isClean;',
    to: 'await secureLogged(part, run);',
    scenario: 'log of deliveries',
  },
  {
    name: 'a delivery of a log passed over because it could not be fetched',
    file: 'lambdas/core/poll/logged.ts',
    from: 'failed(delivery, run.missed.kind, reasonOf(error), run);\n      whenNotSafe();',
    to: 'failed(delivery, run.missed.kind, reasonOf(error), run);',
    scenario: 'log of deliveries',
  },
  {
    name: 'an event taken for safe because the provider was asked for it',
    file: 'lambdas/core/poll/logged.ts',
    from: 'areSafe = false;\n    const status = await missed.resend(delivery, api);',
    to: 'const status = await missed.resend(delivery, api);',
    scenario: 'asked for again',
  },
];
