import { errorName, reasonOf } from '../errors.ts';
import type { CursorState } from './cursor.ts';
import type { ApiCall, MissedEvents } from '../missed-events.ts';
import { acknowledgeAll } from './acknowledge.ts';
import { readPages } from './pages.ts';
import { busyReport, PollTally } from './report.ts';
import type { PollReport } from './report.ts';
import type { PollBounds, PolledSource, PollPorts, PollRun } from './run.ts';

/**
 * Gets what the provider could not deliver: list, then claim, enqueue and mark each event by the same `accept` as a
 * delivery's, then acknowledge. Never throws: what went wrong is in the report, and the next poll does it again. A poll that
 * is cut off at any point leaves nothing but work that is done twice without effect.
 */
export async function poll(source: PolledSource, ports: PollPorts, bounds: PollBounds): Promise<PollReport> {
  const tally = new PollTally();
  const now = new Date(ports.clock());
  const until = now.getTime() + ports.remainingMs() + bounds.leaseMarginMs;
  const step = async <Value>(name: string, act: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await act();
    } catch (error) {
      tally.fault(name, reasonOf(error));
      return undefined;
    }
  };

  const begun = await step('begin', async () => ({ state: await ports.cursor.begin(ports.owner, until) }));
  if (begun && !begun.state) return busyReport();
  const state = begun?.state;
  const run = state && (await step('begin', () => startRun(source, ports, bounds, { state, tally, now })));
  if (run) await step('list', () => readPages(run));
  // What was read is acknowledged, whatever came after it. With nothing read the API does not answer.
  if (run && tally.pages > 0) await step('acknowledge', () => acknowledgeAll(run));

  const report = tally.report(ports.clock());
  ports.pollObserver.polled(report);
  await ports.cursor
    .end(ports.owner, { ok: report.outcome === 'succeeded', report: JSON.stringify(report) })
    .catch((error: unknown) => ports.pollObserver.endFailed(errorName(error)));
  return report;
}

async function startRun(
  source: PolledSource,
  ports: PollPorts,
  bounds: PollBounds,
  begun: Pick<PollRun, 'state' | 'tally' | 'now'>,
): Promise<PollRun> {
  const { missedEvents: missed } = source.provider;
  const api = { http: ports.http, options: source.options, now: begun.now };
  const startAt = await startOf(missed, begun.state, api, ports);
  return { ...begun, source, missed, api, ports, bounds, startAt, safe: [] };
}

/**
 * From when on events are got, where the provider lists all there ever was: a configured date, else the deployment. That is
 * asked for and written down, and not taken from the first poll: that one may have failed.
 */
async function startOf(
  missed: MissedEvents,
  { startAt }: CursorState,
  api: ApiCall,
  ports: PollPorts,
): Promise<number> {
  if (!missed.cursor) return -Infinity;
  const known = missed.cursor.from(api.options) ?? startAt;
  if (known !== undefined) return Date.parse(known);
  const deployedAt = await ports.deployedAt();
  await ports.cursor.save(ports.owner, { startAt: deployedAt.toISOString() });
  return deployedAt.getTime();
}
