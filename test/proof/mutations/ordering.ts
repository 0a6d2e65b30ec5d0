import type { Mutation } from './mutation.ts';

/** The lines of ordered sources. */
export const ORDERING: readonly Mutation[] = [
  {
    name: 'an ordered event takes its place when it is processed, and not when it comes',
    file: 'lambdas/core/accept.ts',
    from: '  if (place) await order?.lines.join(place);',
    to: '',
    scenario: 'in order',
  },
  {
    name: 'an event is handled although others are before it',
    file: 'lambdas/core/process/turn.ts',
    from: "if (turn.is === 'waiting') {",
    to: "if (turn.is === 'waiting') return ok(taken);\n  if (turn.is !== 'first') {",
    scenario: 'in order',
  },
  {
    name: 'the first of a line is taken for over while it waits in its queue',
    file: 'lambdas/adapters/lines.ts',
    from: 'if (!isOver(item, clock())) return false;',
    to: '',
    scenario: 'in order',
  },
  {
    name: 'an event leaves its line before it is marked',
    file: 'lambdas/core/process/process.ts',
    from: '      await ledger.markProcessed(event, { owner, archivedIn, order: event.replay, unorderedBy });\n      ports.tried?.(item.id);\n      await leaveLines([item], ports, true);',
    to: '      await leaveLines([item], ports, true);\n      await ledger.markProcessed(event, { owner, archivedIn, order: event.replay, unorderedBy });',
    scenario: 'in order',
    bounds: { faults: 1, delays: 0, switches: 0 },
  },
  {
    name: 'a line forgets the newest event of a processor that was killed before it left',
    file: 'lambdas/adapters/lines.ts',
    from: "const handled = item?.status?.S === 'PROCESSED' && heldTime !== undefined;",
    to: 'const handled = heldTime === undefined;',
    scenario: 'older and late',
  },
  {
    name: 'an older event is not told',
    file: 'lambdas/core/line.ts',
    from: 'newest !== undefined && time < newest.time',
    to: 'newest !== undefined && time > newest.time',
    scenario: 'in order',
  },
  {
    name: 'an older event is handled although only the newest are wanted',
    file: 'lambdas/core/process/process.ts',
    from: ' || turn?.isSkipped === true',
    to: '',
    scenario: 'newest only',
  },
  {
    name: 'a dead letter holds up its line',
    file: 'lambdas/adapters/lines.ts',
    from: ' || (deadLetterAt !== undefined && tries === undefined)',
    to: '',
    scenario: 'dead letter in line',
    bounds: { faults: 1, delays: 0, switches: 0 },
  },
  {
    name: 'a dead letter of which the ledger could not be told does not come back',
    file: 'lambdas/core/process/failures.ts',
    from: 'if (order) throw error;',
    to: '',
    scenario: 'paused for too long',
    bounds: { faults: 1, delays: 0, switches: 0 },
  },
  {
    name: 'an event that is processed again by order can be overtaken while it is handled',
    file: 'lambdas/adapters/lines.ts',
    from: '  if (item.leaseOwner && Number(item.leaseUntil?.N) >= now) return false;',
    to: '',
    scenario: 'replay in line',
  },
];
