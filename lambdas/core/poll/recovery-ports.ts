import { eventKeyOf } from '../event-key.ts';
import type { RecoveryPorts } from '../numbered-events.ts';
import { secureAll } from './entries.ts';
import { isLate } from './run.ts';
import type { PollRun } from './run.ts';

/** The calls and limits that a poll gives to the recovery of numbered events. */
export function recoveryPorts(run: PollRun): RecoveryPorts {
  const { api, ports, tally, bounds, state, source } = run;
  return {
    ...{ api, windowSeconds: source.windowSeconds, maxEvents: bounds.maxEvents, maxCalls: bounds.maxPages },
    progress: state.progress,
    save: (progress) => ports.cursor.save(ports.owner, { progress }),
    heard: () => ports.heard?.() ?? Promise.resolve([]),
    isSafe: (key) => ports.isSafe({ source: source.name, ...eventKeyOf(key) }),
    async secure(events) {
      await secureAll(events, run);
    },
    hasFailed: () => tally.counts.failed > 0,
    isLate: () => isLate(run),
    fault: (step, reason) => tally.fault(step, reason),
    asked: () => {
      tally.pages++;
    },
    failing: () => {
      tally.failing++;
    },
    reactivated: () => void (tally.reopened = true),
    report: (report) => void tally.subscriptions.push(report),
  };
}
