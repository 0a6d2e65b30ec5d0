import { errorName } from './accept.ts';
import { acknowledgeAll } from './poll-acknowledge.ts';
import { readPages } from './poll-pages.ts';
import { busyReport, Tally } from './poll-report.ts';
import type { PollReport } from './poll-report.ts';
import type { PollBounds, PolledSource, PollPorts, PollRun } from './poll-run.ts';
import { isFaultWithReason } from './poll-run.ts';

/**
 * Gets what the provider could not deliver: list, then claim, enqueue and mark each event by the same `accept` as a
 * delivery's, then acknowledge. Never throws: what went wrong is in the report, and the next poll does it again. A poll that
 * is cut off at any point leaves nothing but work that is done twice without effect.
 */
export async function poll(source: PolledSource, ports: PollPorts, bounds: PollBounds): Promise<PollReport> {
  const tally = new Tally();
  const now = new Date(ports.clock());
  const until = now.getTime() + ports.remainingMs() + bounds.leaseMarginMs;
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    await act().catch((error: unknown) =>
      tally.fault(name, isFaultWithReason(error) ? error.reason : errorName(error)),
    );
  };

  let isBusy = false;
  await step('begin', async () => {
    const state = await ports.cursor.begin(ports.owner, until);
    isBusy = state === undefined;
    if (!state) return;
    const api = { http: ports.http, options: source.options, now };
    const { missedEvents: missed } = source.provider;
    const run: PollRun = { source, missed, api, ports, bounds, tally, state, now, safe: [] };
    await step('list', () => readPages(run));
    // What was read is acknowledged, whatever came after it. With nothing read the API does not answer.
    if (tally.pages > 0) await step('acknowledge', () => acknowledgeAll(run));
  });

  if (isBusy) return busyReport();
  const report = tally.report(ports.clock());
  ports.pollObserver.polled(report);
  await ports.cursor
    .end(ports.owner, { ok: report.outcome === 'succeeded', report: JSON.stringify(report) })
    .catch((error: unknown) => ports.pollObserver.endFailed(errorName(error)));
  return report;
}
