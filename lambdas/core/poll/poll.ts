import { errorName, reasonOf } from '../errors.ts';
import type { CursorState } from './cursor.ts';
import { isLog, isNumbered, startsAtDeployment } from '../missed-events.ts';
import type { ApiCall, MissedEvents } from '../missed-events.ts';
import { acknowledgeAll } from './acknowledge.ts';
import { readLog } from './log.ts';
import { readPages } from './pages.ts';
import { recoveryPorts } from './recovery-ports.ts';
import { busyReport, PollTally } from './report.ts';
import type { PollReport } from './report.ts';
import type { PollBounds, PollPorts, PollRun } from './run.ts';
import type { Http } from '../http/http.ts';
import { TooLate } from './upkeep/bound.ts';
import { keepRegistered } from './upkeep/keep.ts';
import { secretWay } from '../registration.ts';
import type { Source } from '../source.ts';

/**
 * Keeps the source's registrations alive, and fetches the events that the provider could not deliver: list, then claim, enqueue and mark each event by the same `accept`
 * as a delivery's, then acknowledge. Never throws: the report says what went wrong, and the next poll tries it again. A poll
 * may be cut off at any point: the next poll repeats work, and repeated work has no effect.
 */
export async function poll(source: Source, ports: PollPorts, bounds: PollBounds): Promise<PollReport> {
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
  if (state) await step('registration', () => keepAlive(source, ports, bounds, { state, tally, now }));
  const run = state && (await step('begin', () => startRun(source, ports, bounds, { state, tally, now })));
  if (run) await step('list', () => read(run));
  // Whatever was read is acknowledged, even if a later page failed. If nothing was read, the API does not answer.
  if (run && tally.pages > 0) await step('acknowledge', () => acknowledgeAll(run));

  const report = tally.report(ports.clock());
  ports.pollObserver.polled(report);
  await ports.cursor
    .end(ports.owner, { ok: report.outcome === 'succeeded', report: JSON.stringify(report) })
    .catch((error: unknown) => ports.pollObserver.endFailed(errorName(error)));
  return report;
}

function read(run: PollRun): Promise<void> {
  const { missed } = run;
  if (isNumbered(missed)) return missed.recover(recoveryPorts(run));
  return isLog(missed) ? readLog({ ...run, missed }) : readPages({ ...run, missed });
}

type Begun = Pick<PollRun, 'state' | 'tally' | 'now'>;

async function keepAlive(
  { provider, options }: Source,
  ports: PollPorts,
  bounds: PollBounds,
  begun: Begun,
): Promise<void> {
  const { registration } = provider;
  if (!ports.upkeep || !registration?.upkeep) return;
  const { http, ...upkeep } = ports.upkeep;
  const way = secretWay(provider);
  const { state, tally, now } = begun;
  tally.registrations = await keepRegistered({
    ...{ ...upkeep, registration, upkeep: registration.upkeep },
    api: { http: untilLate(http, ports, bounds), options, now },
    isSecretTold: way === 'told',
    ...(way === 'neither' && { secret: () => Promise.resolve('') }),
    memory: state.registered,
    save: (registered) => ports.cursor.save(ports.owner, { registered }),
    fault: (reason) => tally.fault('registration', reason),
  });
  if (tally.registrations.some(({ state: now }) => now === 'enabled' || now === 'created')) tally.reopened = true;
}

/** Begins no call for which too little time is left. */
const untilLate =
  (http: Http, { remainingMs }: PollPorts, { reserveMs }: PollBounds): Http =>
  (request) =>
    remainingMs() < reserveMs ? Promise.reject(new TooLate('late')) : http(request);

/** The run of a poll; undefined if there is nothing to fetch. */
async function startRun(
  source: Source,
  ports: PollPorts,
  bounds: PollBounds,
  begun: Begun,
): Promise<PollRun | undefined> {
  const { missedEvents: missed } = source.provider;
  if (!missed) return undefined;
  const api = { http: ports.http, options: source.options, now: begun.now };
  const startAt = await startOf(missed, begun.state, api, ports);
  return { ...begun, source, missed, api, ports, bounds, startAt, safe: [] };
}

/**
 * From when on events are fetched if the provider lists all there ever was, in milliseconds since the epoch: a configured
 * date, else the date of the deployment. It is not the time of the first poll, because the first poll may have failed.
 */
async function startOf(
  missed: MissedEvents,
  { startAt }: CursorState,
  api: ApiCall,
  ports: PollPorts,
): Promise<number> {
  if (!startsAtDeployment(missed)) return -Infinity;
  const stated = isLog(missed) || isNumbered(missed) ? undefined : missed.cursor?.from(api.options);
  const known = stated ?? startAt;
  if (known !== undefined) return Date.parse(known);
  const deployedAt = await ports.deployedAt();
  await ports.cursor.save(ports.owner, { startAt: deployedAt.toISOString() });
  return deployedAt.getTime();
}
