import { reasonOf } from '../../errors.ts';
import type { RecoveryPorts } from '../../numbered-events.ts';
import type { HeardSubscription } from '../../subscription-note.ts';
import { fetchMissing } from './fetch.ts';
import type { Left } from './fetch.ts';
import { lookAgain, lookOn } from './look.ts';
import { contiguousOf, mostFor, newestSafe, readProgress, shareOf, writeProgress } from './progress.ts';
import type { Missing, Progress } from './progress.ts';
import { numbersIn } from './ranges.ts';
import { requestedSince } from './requested.ts';
import type { NumberingServer, RecoverySettings, ServerStatus } from './server.ts';

/** The most Subscriptions that one source asks about: their ids come from whoever holds the token. */
const MAX_SUBSCRIPTIONS = 20;
/** The most missing ranges that a report names, of all Subscriptions; and written-off ones. */
const MAX_REPORTED = 300;
const FAILING = ['error', 'off', 'entered-in-error'];
/** Milliseconds between two tries to turn a Subscription on again. */
const REACTIVATE_EVERY_MS = 15 * 60_000;

/**
 * Recovers the numbered events that are missing: the server says how many there are, the ledger which of them are safe, and the
 * server is asked for the others. A number that it does not give is told once, waited for, and written off at last, so that the
 * later ones go on and nothing passes in silence.
 */
export async function recoverNumbered(
  server: NumberingServer,
  settings: RecoverySettings,
  ports: RecoveryPorts,
): Promise<void> {
  const all = readProgress(ports.progress);
  const heard = await ports.heard();
  const heardOf = heard.map(({ subscription }) => subscription);
  const { subscriptions, watched } = settings;
  const ids = subscriptions.length > 0 ? subscriptions : [...(watched === undefined ? [] : [watched]), ...heardOf];
  const asked = new Set(ids.slice(0, MAX_SUBSCRIPTIONS));
  // A Subscription of long ago gives its place to those that are asked about.
  const oldest = [...all].sort(([, a], [, b]) => (a.at < b.at ? -1 : 1)).flatMap(([id]) => (asked.has(id) ? [] : id));
  const tooMany = new Set([...all.keys(), ...asked]).size - MAX_SUBSCRIPTIONS;
  for (const id of oldest.slice(0, Math.max(0, tooMany))) all.delete(id);
  for (const id of asked) {
    if (ports.isLate()) return;
    const last = heard.find(({ subscription }) => subscription === id);
    const others = new Set([...all.keys(), ...asked]).size;
    const most = mostFor(id, all, others);
    const run: Run = { server, settings, ports, id, heard: last, most, share: others };
    const progress = await recoverOne(run, all.get(id)).catch((error: unknown) => {
      ports.fault('subscription', reasonOf(error));
      return undefined;
    });
    if (!progress) continue;
    all.set(id, progress);
    await ports.save(writeProgress(all));
  }
}

interface Run {
  readonly server: NumberingServer;
  readonly settings: RecoverySettings;
  readonly ports: RecoveryPorts;
  readonly id: string;
  readonly heard: HeardSubscription | undefined;
  /** The most missing ranges that this Subscription may have, and with how many others it shares. */
  readonly most: number;
  readonly share: number;
}

async function recoverOne(run: Run, before: Progress | undefined): Promise<Progress | undefined> {
  const { server, settings, ports, id, heard } = run;
  const { now } = ports.api;
  const status = await statusOf(run);
  if (!status) {
    report(run, before, undefined);
    return undefined;
  }
  const count = status.count ?? before?.seen ?? 0n;
  const known = before ?? { ...startOf(settings, heard, count), at: now.toISOString() };
  if (count < known.seen) {
    // The server counts from the start again. The kept numbers would now name other events.
    ports.fault('numbers', 'reset');
    report(run, known, status);
    return before;
  }
  const isSafe = (number: bigint): Promise<boolean> => ports.isSafe(server.keyOf(id, number));
  const still = await lookAgain(known.missing, ports.maxEvents, isSafe);
  const looked = await lookOn({ ...known, missing: still, at: now.toISOString() }, count, isSafe, ports, run.most);
  // After so long the ledger has forgotten what it knew: nothing tells the processed numbers from the missing ones.
  const isForgotten = now.getTime() - Date.parse(known.at) > ports.windowSeconds * 1000;
  const { missing, canRecover, told } = isForgotten
    ? forgotten(looked.missing)
    : await fetchMissing(looked.missing, {
        server,
        subscription: id,
        ports,
        isSafe,
        windowSize: settings.windowSize,
        known: newestSafe(looked),
      });
  const progress = { ...looked, missing };
  const kept = writeOff(progress, isForgotten ? -Infinity : settings.writeOffMs, now);
  const reactivatedAt = await reactivate(run, status, progress);
  const after = { ...kept.progress, reactivatedAt, requestedSince: requestedSince(status, known, ports) };
  report(run, after, status, { told, givenUp: kept.givenUp, canRecover });
  return after;
}

/** The Subscription's status by the server or, if the server cannot be asked, by the deliveries. Undefined after a fault. */
async function statusOf({ server, ports, id, heard }: Run): Promise<ServerStatus | undefined> {
  const answer = await server.status(id);
  const counted = heard?.count === undefined ? undefined : BigInt(heard.count);
  if (answer.ok) return { ...answer.value, count: answer.value.count ?? counted };
  if (answer.reason === 'not_supported') return { count: counted, status: heard?.status };
  ports.fault('status', answer.reason);
  return undefined;
}

/** An old Subscription is not read from its beginning, unless the source says so: what was never heard of is not missing. */
function startOf({ fromNumber }: RecoverySettings, heard: HeardSubscription | undefined, count: bigint) {
  const first = heard?.from === undefined ? count : BigInt(heard.from);
  const seen = fromNumber === undefined ? (first < count ? first : count) : fromNumber - 1n;
  return { seen, missing: [], writtenOff: [] };
}

/** Writes off the numbers that have been told and waited for, and that the server does not give now either. */
function writeOff(
  progress: Omit<Progress, 'missing'> & { readonly missing: readonly Left[] },
  waitMs: number,
  now: Date,
): { readonly progress: Progress; readonly givenUp: number } {
  const isOver = ({ isTold, isRefused, since, toldAt = since }: Left): boolean =>
    isTold && isRefused && now.getTime() - Date.parse(toldAt) >= waitMs;
  const over = progress.missing.filter(isOver);
  const at = now.toISOString();
  return {
    progress: {
      ...progress,
      missing: progress.missing.filter((gap) => !isOver(gap)),
      writtenOff: [...progress.writtenOff, ...over.map(({ from, to }) => ({ from, to, at }))],
    },
    givenUp: numbersIn(over),
  };
}

/** Turns a Subscription on again that its server has given up, after what it missed was asked for. Returns when that was last done. */
async function reactivate(
  { server, ports, id }: Run,
  { status }: ServerStatus,
  { reactivatedAt }: Progress,
): Promise<string | undefined> {
  const { now } = ports.api;
  if (!FAILING.includes(status ?? '')) return reactivatedAt;
  ports.failing();
  const isTooSoon = reactivatedAt !== undefined && now.getTime() - Date.parse(reactivatedAt) < REACTIVATE_EVERY_MS;
  // Somebody has turned it off, or the server will not have it back.
  if (status !== 'error' || !server.reactivate || isTooSoon || ports.hasFailed()) return reactivatedAt;
  const done = await server.reactivate(id);
  if (done.ok) ports.reactivated();
  else ports.fault('reactivate', done.reason);
  return now.toISOString();
}

const forgotten = (missing: readonly Missing[]) => ({
  missing: missing.map((gap) => ({ ...gap, isTold: true, isRefused: true })),
  ...{ canRecover: true, told: numbersIn(missing.filter(({ isTold }) => !isTold)) },
});

function report(
  { ports, id, heard, share }: Run,
  progress: Progress | undefined,
  status: ServerStatus | undefined,
  { told = 0, givenUp = 0, canRecover = true } = {},
): void {
  const digits = <Gap extends { from: bigint; to: bigint }>({ from, to, ...rest }: Gap) => ({
    ...{ from: String(from), to: String(to) },
    ...rest,
  });
  ports.report({
    ...{ subscription: id, status: status?.status ?? heard?.status, told, givenUp, canRecover },
    ...(heard && { lastNotification: { at: heard.at, type: heard.type } }),
    count: status?.count === undefined ? heard?.count : String(status.count),
    ...(progress && { contiguous: String(contiguousOf(progress)) }),
    gaps: (progress?.missing ?? [])
      .slice(0, shareOf(MAX_REPORTED, share))
      .map(({ from, to, since, isTold }) => digits({ from, to, since, isTold })),
    writtenOff: (progress?.writtenOff ?? []).slice(-shareOf(MAX_REPORTED, share)).map(digits),
  });
}
