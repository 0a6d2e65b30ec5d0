import type { Registered } from '../../registration.ts';
import { areSameEvents, knownOf, readMemory, writeMemory } from './memory.ts';
import type { Known, Memory } from './memory.ts';
import { makeAgain, unlessThrown } from './repair.ts';
import type { Making } from './repair.ts';
import type { RegistrationReport, RegistrationState } from './report.ts';
import type { UpkeepRun } from './run.ts';

type Kept = Making & { readonly report: RegistrationReport };

/**
 * Keeps the registrations of the source's URL alive: renews those that end soon, switches on those that are off, and makes those
 * again that the provider has deleted. A registration that was never seen is not made: `ops register` does that, once.
 */
export async function keepRegistered(given: UpkeepRun): Promise<RegistrationReport[]> {
  let saved = given.memory;
  const save = async (text: string): Promise<void> => {
    await given.save(text);
    saved = text;
  };
  const run = { ...given, save };
  const { registration, api, urls } = run;
  const memory = readMemory(run.memory);
  const listed = await unlessThrown(registration.list(api));
  if (!listed.ok) {
    run.fault(listed.reason);
    return memory.known.map((known) => ({ ...known, state: 'unknown' }));
  }
  const ours = listed.value.filter(({ url }) => urls.includes(url));
  const own = await withoutLost(ours, memory, run);
  if (!own) return memory.known.map((known) => ({ ...known, state: 'gone' }));
  const all = [...own.map(knownOf), ...memory.known.filter(({ id }) => !own.some((each) => each.id === id))];
  const kept: Kept[] = [];
  for (const each of own) kept.push(await keep(each, all, run));
  for (const known of memory.known) {
    if (own.some(({ id, events }) => id === known.id || areSameEvents(events, known.events))) continue;
    const isElsewhere = listed.value.some(({ id }) => id === known.id);
    kept.push(isElsewhere ? { report: { ...known, state: 'elsewhere' } } : await remake(known, 'gone', all, run));
  }
  for (const { fault } of kept) if (fault !== undefined) run.fault(fault);
  const reports = kept.map(({ report }) => report);
  const known = reports.map(({ id, events, expiresAt }) => ({ id, events, expiresAt }));
  const text = writeMemory({ known, ...(kept.some(({ isLost }) => isLost) && { isMaking: true }) });
  if (text !== saved && reports.length > 0) await save(text);
  return reports;
}

/** Keeps one registration that is there. */
async function keep(registered: Registered, all: readonly Known[], run: UpkeepRun): Promise<Kept> {
  const { upkeep, api } = run;
  const known = knownOf(registered);
  if (!registered.enabled) {
    if (registered.isRevoked === true) return { report: { ...known, state: 'disabled' } };
    if (!upkeep.enable) return replace(known, all, run);
    const enabled = await unlessThrown(upkeep.enable(registered, api));
    if (!enabled.ok) return { report: { ...known, state: 'disabled' }, fault: enabled.reason };
  }
  const state = registered.enabled ? 'active' : 'enabled';
  if (!upkeep.renew || !isDue(registered, run)) return { report: { ...known, state } };
  const renewed = await unlessThrown(upkeep.renew(registered, api));
  if (!renewed.ok) return { report: { ...known, state }, fault: renewed.reason };
  const expiresAt = renewed.value?.toISOString() ?? known.expiresAt;
  return { report: { ...known, expiresAt, state: registered.enabled ? 'renewed' : state } };
}

const isDue = ({ expiresAt }: Registered, { upkeep, api }: UpkeepRun): boolean =>
  expiresAt !== undefined &&
  expiresAt.getTime() - api.now.getTime() <= (upkeep.renewBeforeSeconds?.(api.options) ?? 0) * 1000;

/** Deletes a registration that cannot be switched on, and makes it again. */
async function replace(known: Known, all: readonly Known[], run: UpkeepRun): Promise<Kept> {
  const { upkeep, api } = run;
  if (!upkeep.remove || !upkeep.recreates) return { report: { ...known, state: 'disabled' } };
  const removed = await unlessThrown(upkeep.remove(known.id, api));
  if (!removed.ok) return { report: { ...known, state: 'disabled' }, fault: removed.reason };
  return remake(known, 'disabled', all, run);
}

/** Makes a registration again, if the provider deletes them by itself. */
async function remake(
  known: Known,
  otherwise: RegistrationState,
  all: readonly Known[],
  run: UpkeepRun,
): Promise<Kept> {
  if (!run.upkeep.recreates) return { report: { ...known, state: otherwise } };
  const making = await makeAgain(known.events, all, run);
  const report: RegistrationReport = making.made
    ? { ...knownOf(making.made), state: 'created' }
    : { ...known, state: otherwise };
  return { ...making, report };
}

/**
 * Without registrations that a poll has made and died before it could store their secret: they are deleted, to be made again.
 * Undefined if one could not be deleted.
 */
async function withoutLost(
  own: readonly Registered[],
  memory: Memory,
  { upkeep, api, ...run }: UpkeepRun,
): Promise<readonly Registered[] | undefined> {
  if (memory.isMaking !== true || !upkeep.remove) return own;
  const isLost = ({ id }: Registered): boolean => !memory.known.some((known) => known.id === id);
  for (const { id } of own.filter(isLost)) {
    const removed = await unlessThrown(upkeep.remove(id, api));
    if (removed.ok) continue;
    run.fault(removed.reason);
    return undefined;
  }
  return own.filter((each) => !isLost(each));
}
