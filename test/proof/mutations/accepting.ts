import type { Mutation } from './mutation.ts';

/** The code that accepts a delivery. */
export const ACCEPTING: readonly Mutation[] = [
  {
    name: 'mark before send',
    file: 'lambdas/core/accept.ts',
    from: '  await queue.send(event);\n',
    to: '  await ledger.markQueued(event);\n  await queue.send(event);\n',
    scenario: 'one delivery',
  },
  {
    name: '200 on a failed send',
    file: 'lambdas/core/accept.ts',
    from: '  await queue.send(event);\n',
    to: '  await queue.send(event).catch(() => undefined);\n',
    scenario: 'one delivery',
  },
  {
    name: '200 on a failed claim',
    file: 'lambdas/core/receive/receive.ts',
    from: "observer.unavailable('accept', errorName(error));\n    return UNAVAILABLE;",
    to: "observer.unavailable('accept', errorName(error));\n    return { status: 200 };",
    scenario: 'one delivery',
  },
  {
    name: 'duplicate of PENDING answered 200 without sending',
    file: 'lambdas/core/accept.ts',
    from: "if (claim.known && claim.status !== 'PENDING') {",
    to: 'if (claim.known) {',
    scenario: 'one delivery',
  },
  {
    name: 'a large body that was not stored is sent for all that',
    file: 'lambdas/adapters/queue.ts',
    from: 'await bodies.put(event))',
    to: "await bodies.put(event).catch(() => 'nowhere'))",
    scenario: 'large body',
  },
  {
    name: 'the ledger does not tell a number from a text',
    file: 'lambdas/adapters/ledger-item.ts',
    from: 'LEDGER_KEY.event(event.source, encodeKey(event))',
    to: 'LEDGER_KEY.event(event.source, event.keyKind ? event.key : encodeKey(event))',
    scenario: 'number and text',
  },
  {
    name: "a listed event takes the place of another event whose id reads as the listed one's key",
    file: 'lambdas/core/event-key.ts',
    from: "keyKind: 'derived',",
    to: '',
    scenario: 'namesakes',
  },
  {
    name: 'conflict treated as a duplicate',
    file: 'lambdas/core/accept.ts',
    from: 'known.bodyHash !== event.bodyHash &&',
    to: "known.bodyHash === '' &&",
    scenario: 'conflict',
  },
  {
    name: 'conflict acknowledged before it is in quarantine',
    file: 'lambdas/core/accept.ts',
    from: 'await accept(asConflict(event, difference), ports);',
    to: 'await accept(asConflict(event, difference), ports).catch(() => undefined);',
    scenario: 'conflict',
  },
  {
    name: 'quarantine forgotten',
    file: 'lambdas/core/accept.ts',
    from: 'if (reason) return quarantine(',
    to: 'if (reason && !reason) return quarantine(',
    scenario: 'quarantine',
  },
  {
    name: 'signature not compared',
    file: 'lambdas/core/schemes/mac.ts',
    from: 'timingSafeEqual(candidate, bytes)',
    to: 'timingSafeEqual(bytes, bytes)',
    scenario: 'forgery',
  },
];
