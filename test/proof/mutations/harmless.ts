import type { Mutation } from './mutation.ts';

/** Changes that break no promise: were one caught, the proof would cry wolf. */
export const HARMLESS: readonly Mutation[] = [
  {
    name: 'a processed event is released once more: the copy is dropped',
    file: 'cli/ops/quarantine/release.ts',
    from: "if (decided === 'decided') await send(",
    to: 'if (decided) await send(',
    scenario: 'release',
  },
  {
    name: '503 on a failed mark: the event is queued once more, and the copy dropped',
    file: 'lambdas/core/accept.ts',
    from: 'await ledger.markQueued(event).catch((error: unknown) => observer.markFailed(errorName(error)));',
    to: 'await ledger.markQueued(event);',
    scenario: 'one delivery',
  },
  {
    name: 'two calls, without a mark: each duplicate of what waits is queued once more, and the copy dropped',
    file: 'lambdas/core/accept.ts',
    from: '  await ledger.markQueued(event).catch((error: unknown) => observer.markFailed(errorName(error)));\n',
    to: '',
    scenario: 'one delivery',
  },
  {
    name: 'the pending label stays on the current version',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'if (mine) await vault.dropPending(token);',
    to: 'if (mine && isDone) await vault.dropPending(token);',
    scenario: 'rotation',
  },
];
