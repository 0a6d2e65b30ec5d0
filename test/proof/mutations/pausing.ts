import type { Mutation } from './mutation.ts';

/** The breaker. */
export const PAUSING: readonly Mutation[] = [
  {
    name: 'a probe whenever one comes',
    file: 'lambdas/core/process/breaker.ts',
    from: "state.phase === 'open' && now >= (state.probeAt ?? 0)\n",
    to: "state.phase === 'open'\n",
    scenario: 'open breaker',
  },
  {
    name: 'two containers take one probe',
    file: 'lambdas/adapters/breaker.ts',
    from: 'attribute_not_exists(version) OR version = :version',
    to: 'attribute_not_exists(version) OR version >= :version',
    scenario: 'open breaker',
  },
  {
    name: 'an open breaker lets everything through',
    file: 'lambdas/core/process/admit.ts',
    from: 'if (clock() < flow.probeAt) return { count: 0, flow };',
    to: 'if (clock() < flow.probeAt) return { count, flow };',
    scenario: 'open breaker',
  },
  {
    name: 'a probe that fails spends a try',
    file: 'lambdas/core/process/failures.ts',
    from: 'const isSpent = probeHold === undefined;',
    to: 'const isSpent = probeHold !== undefined;',
    scenario: 'failing probe',
  },
  {
    name: 'a message that is held is deleted',
    file: 'lambdas/core/process/guarded.ts',
    from: 'return [...held, ...left];',
    to: 'return left;',
    scenario: 'open breaker',
  },
  {
    name: 'a probe that has tried nothing closes the breaker',
    file: 'lambdas/core/process/guarded.ts',
    from: 'tally.hasTried ? afterProbe(state, true, now) : untaken(state, now)',
    to: 'afterProbe(state, true, now)',
    scenario: 'open breaker in line',
  },
  {
    name: 'a paused source goes on',
    file: 'lambdas/core/process/admit.ts',
    from: "if (flow.is === 'paused' || flow === UNKNOWN) return { count: 0, flow };",
    to: "if (flow === UNKNOWN) return { count: 0, flow };\n  if (flow.is === 'paused') return { count, flow };",
    scenario: 'pause and resume',
  },
  {
    name: 'a source of which nobody knows whether it is paused goes on',
    file: 'lambdas/core/process/admit.ts',
    from: 'flowOf(read, pace, clock()) : UNKNOWN',
    to: "flowOf(read, pace, clock()) : ({ is: 'free' } as const)",
    scenario: 'pause and resume',
  },
  {
    name: 'a source that was resumed stays paused',
    file: 'cli/ops/pause.ts',
    from: 'REMOVE pausedAt, pausedBy',
    to: 'REMOVE pausedBy',
    scenario: 'pause and resume',
    bounds: { faults: 0, delays: 0, switches: 0 },
  },
  {
    name: 'an event that has waited too long keeps its place in line',
    file: 'lambdas/core/process/admit.ts',
    from: 'await bury(record, WAITED_TOO_LONG, ports);',
    to: 'await ports.retries.giveUp(record.text, WAITED_TOO_LONG, record.wasRepaired);',
    scenario: 'paused for too long',
  },
  {
    name: 'an event waits until its queue deletes it',
    file: 'lambdas/core/process/retry.ts',
    from: 'ageSeconds + delay > RETENTION_SHARE * retentionSeconds',
    to: 'ageSeconds - delay > retentionSeconds',
    scenario: 'paused for too long',
  },
];
