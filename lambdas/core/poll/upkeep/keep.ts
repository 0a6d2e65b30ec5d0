import { listRegistered } from '../../registration-calls.ts';
import type { Registered } from '../../registration.ts';
import { areTwice, within } from './bound.ts';
import { withoutLost } from './lost.ts';
import { areSameEvents, knownOf, readMemory, writeMemory } from './memory.ts';
import type { Known } from './memory.ts';
import { remake, replace } from './remake.ts';
import type { Kept } from './remake.ts';
import { unlessThrown } from './repair.ts';
import { reportOf } from './report.ts';
import type { RegistrationReport } from './report.ts';
import type { Upkeeping, UpkeepRun } from './run.ts';

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
  const { registration, api, urls } = given;
  const fault = (reason: string): void => {
    given.fault(reason);
  };
  const memory = readMemory(given.memory);
  const listed = await unlessThrown(listRegistered(registration, api));
  if (!listed.ok) {
    fault(listed.reason);
    return memory.known.map((known) => reportOf(known, 'unknown'));
  }
  const ours = listed.value.filter(({ url }) => urls.includes(url)).map((each) => withEvents(each, memory.known));
  const after = await withoutLost(ours, memory, given);
  if (after.fault !== undefined) fault(after.fault);
  const own = within(after.own, memory.known);
  if (own.length < after.own.length) fault('too_many');
  const { open = [] } = after;
  if (open.length === 0 && areTwice(own)) fault('registered_twice');
  const settled = own.filter(({ id }) => !open.includes(id));
  const all = [...own.map(knownOf), ...memory.known.filter(({ id }) => !own.some((each) => each.id === id))];
  const run: Upkeeping = { ...given, save, all, ids: own.map(({ id }) => id) };
  const kept: Kept[] = [];
  for (const each of own) kept.push(await keep(each, run));
  for (const known of memory.known) {
    if (settled.some(({ id, events }) => id === known.id || areSameEvents(events, known.events))) continue;
    const isElsewhere = listed.value.some(({ id }) => id === known.id);
    const isOpen = after.making !== undefined;
    kept.push(
      isElsewhere
        ? { known, state: 'elsewhere' }
        : isOpen
          ? { known, state: 'gone' }
          : await remake(known, 'gone', run),
    );
  }
  for (const { fault: reason } of kept) if (reason !== undefined) fault(reason);
  const making = after.making ?? kept.find(({ lost }) => lost)?.lost;
  const text = writeMemory({
    known: kept.map(({ known }) => known).filter(({ id }) => !open.includes(id)),
    ...(making && { making }),
  });
  if (text !== saved && kept.length > 0) await save(text);
  return kept.map(({ known, state }) => reportOf(known, state));
}

/** A listed registration whose events cannot be read has those that are remembered. */
function withEvents(registered: Registered, known: readonly Known[]): Registered {
  const { id, events } = registered;
  return {
    ...registered,
    events: events.length > 0 ? events : (known.find((each) => each.id === id)?.events ?? events),
  };
}

/** Keeps one registration that is there. */
async function keep(registered: Registered, run: Upkeeping): Promise<Kept> {
  const { upkeep, api } = run;
  const known = knownOf(registered);
  if (!registered.enabled) {
    if (registered.isRevoked === true) return { known, state: 'disabled' };
    if (!upkeep.enable) return replace(known, run);
    const enabled = await unlessThrown(upkeep.enable(registered, api));
    if (!enabled.ok) return { known, state: 'disabled', fault: enabled.reason };
  }
  const state = registered.enabled ? 'active' : 'enabled';
  if (!upkeep.renew || !isDue(registered, run)) return { known, state };
  const renewed = await unlessThrown(upkeep.renew(registered, api));
  if (!renewed.ok) return { known, state, fault: renewed.reason };
  if (!renewed.value) return { known, state, fault: 'no_end' };
  return { known: { ...known, expiresAt: renewed.value.toISOString() }, state: registered.enabled ? 'renewed' : state };
}

const isDue = ({ expiresAt }: Registered, { upkeep, api }: UpkeepRun): boolean =>
  expiresAt !== undefined &&
  expiresAt.getTime() - api.now.getTime() <= (upkeep.renewBeforeSeconds?.(api.options) ?? 0) * 1000;
