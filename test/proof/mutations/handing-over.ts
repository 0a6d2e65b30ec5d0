import type { Mutation } from './mutation.ts';

/** The code that hands events over to targets. */
export const HANDING_OVER: readonly Mutation[] = [
  {
    name: 'an event is handled although a target could not be told of it',
    file: 'lambdas/core/process/fan-out.ts',
    from: "  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;\n",
    to: '',
    scenario: 'one target',
  },
  {
    name: 'a target that was told is not told again if its queue did not take the event',
    file: 'lambdas/core/process/fan-out.ts',
    from: "if (claim.known && claim.status !== 'PENDING') return undefined;",
    to: 'if (claim.known) return undefined;',
    scenario: 'one target',
  },
  {
    name: 'a target forgets an event while its source still tries it',
    file: 'lambdas/core/process/fan-out.ts',
    from: 'ports.ledger.claim(event, { prolongs: true })',
    to: 'ports.ledger.claim(event)',
    scenario: 'a source that fails for weeks',
  },
  {
    name: 'the handler runs although the event was not handed over',
    file: 'lambdas/core/process/process.ts',
    from: '    await handOver(item.event);\n',
    to: '    await handOver(item.event).catch(() => undefined);\n',
    scenario: 'one target',
  },
  {
    name: 'a target gets its event as the source’s own',
    file: 'lambdas/core/process/fan-out.ts',
    from: 'return { ...event, source: name };',
    to: 'return event;',
    scenario: 'one target',
  },
  {
    name: 'an event that is handed over takes its place in the line of its source',
    file: 'lambdas/adapters/lines.ts',
    from: 'LEDGER_KEY.line(source, line)',
    to: "LEDGER_KEY.line(source.split('.')[0] ?? source, line)",
    scenario: 'an ordered target',
  },
  {
    name: 'an event takes its place at an ordered target when it is processed there, and not when it is handed over',
    file: 'lambdas/core/process/fan-out.ts',
    from: 'await enqueue(event, { ...ports, queue });',
    to: 'await enqueue(event, { ...ports, queue, order: undefined });',
    scenario: 'an ordered target',
  },
];
