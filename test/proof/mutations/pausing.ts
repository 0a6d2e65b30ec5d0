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
    from: 'if (clock() < flow.probeAt) return 0;',
    to: 'if (clock() < flow.probeAt) return count;',
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
];
