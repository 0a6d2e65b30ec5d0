import type { ApiCall } from './missed-events.ts';
import { createRegistered, listRegistered } from './registration-calls.ts';
import type { Registered, Registration, RegistrationFault, Wanted } from './registration.ts';
import type { Result } from './result.ts';
import { ok } from './result.ts';

/** A point in which a registration differs from the source. */
export type Difference = 'url' | 'events' | 'disabled';

export interface RegistrationView {
  /** The one with the source's URL. */
  readonly own: Registered | undefined;
  /** Those with other URLs, which are somebody else's until somebody says otherwise. */
  readonly others: readonly Registered[];
  readonly differences: readonly Difference[];
}

/** The outcome: `other-url`, `differs` and `no-events` mean that nothing was changed, and that a person must decide. */
export type Registering = RegistrationView & {
  readonly outcome: 'unchanged' | 'created' | 'updated' | 'other-url' | 'differs' | 'no-events';
  /** The secret that the provider has made, if it did. */
  readonly secret?: string | undefined;
};

type Asked = Omit<Wanted, 'events'> & {
  readonly events: readonly string[] | undefined;
  /** Called before a registration is made; throws if none may be made now. */
  readonly beforeMaking?: () => Promise<void>;
};

/** Returns the registration, and how it differs from the source. Without events stated, those that are registered are right. */
export async function viewRegistration(
  { url, events }: Pick<Asked, 'url' | 'events'>,
  registration: Registration,
  api: ApiCall,
): Promise<Result<RegistrationView, RegistrationFault>> {
  const listed = await listRegistered(registration, api);
  if (!listed.ok) return listed;
  const own = merged(
    listed.value.filter((each) => each.url === url),
    registration,
  );
  const others = listed.value.filter((each) => each.url !== url);
  const differences: Difference[] = [];
  if (!own && registration.single && others.length > 0) differences.push('url');
  if (own && events && !areSame(own.events, events)) differences.push('events');
  if (own && !own.enabled) differences.push('disabled');
  return ok({ own, others, differences });
}

/**
 * Has the source's URL registered. Done twice it has one effect. A registration with another URL is left alone, unless
 * `replaces` is set and there is nothing else that it could be.
 */
export async function register(
  asked: Asked & { readonly replaces: boolean },
  registration: Registration,
  api: ApiCall,
): Promise<Result<Registering, RegistrationFault>> {
  const view = await viewRegistration(asked, registration, api);
  if (!view.ok) return view;
  const { own, others, differences } = view.value;
  if (own && differences.length === 0) return ok({ ...view.value, outcome: 'unchanged' });
  const [other, ...more] = others;
  const replaced = asked.replaces && more.length === 0 ? other : undefined;
  if (registration.perEvent) return registerEach(asked, view.value, registration, api);
  const target = own ?? replaced;
  if (!target && differences.includes('url')) return ok({ ...view.value, outcome: 'other-url' });
  const events = asked.events ?? target?.events ?? registration.defaultEvents;
  if (!target && events.length === 0) return ok({ ...view.value, outcome: 'no-events' });
  const wanted: Wanted = { url: asked.url, events, secret: asked.secret };
  if (target) {
    const updated = await registration.update?.(target.id, wanted, api);
    if (!updated) return ok({ ...view.value, outcome: own ? 'differs' : 'other-url' });
    return updated.ok ? ok({ ...view.value, outcome: 'updated' }) : updated;
  }
  await asked.beforeMaking?.();
  const created = await createRegistered(registration, wanted, api);
  if (!created.ok) return created;
  const { secret, ...made } = created.value;
  return ok({ own: made, others, differences, outcome: 'created', ...(secret !== undefined && { secret }) });
}

/** Registers the event types that are not registered yet, each by itself. Other types that are registered are left alone. */
async function registerEach(
  { url, secret, events, beforeMaking }: Asked,
  view: RegistrationView,
  registration: Registration,
  api: ApiCall,
): Promise<Result<Registering, RegistrationFault>> {
  const known = view.own?.events ?? [];
  const missing = (events ?? registration.defaultEvents).filter((event) => !known.includes(event));
  if (missing.length === 0) return ok({ ...view, outcome: view.own ? 'differs' : 'no-events' });
  const made: Registered[] = view.own ? [view.own] : [];
  await beforeMaking?.();
  for (const event of missing) {
    const created = await createRegistered(registration, { url, events: [event], secret }, api);
    if (!created.ok) return created;
    made.push(created.value);
  }
  const differences = view.differences.filter((difference) => difference !== 'events');
  return ok({ ...view, own: merged(made, registration), differences, outcome: 'created' });
}

/** The registrations of one URL as one: all of them if each is of one event type, else the first. */
function merged(own: readonly Registered[], { perEvent = false }: Registration): Registered | undefined {
  const [first, ...more] = own;
  if (!first || !perEvent || more.length === 0) return first;
  const ends = own.flatMap(({ expiresAt }) => expiresAt ?? []).sort((a, b) => a.getTime() - b.getTime());
  return {
    ...{ id: own.map(({ id }) => id).join(','), url: first.url, events: own.flatMap(({ events }) => events) },
    ...{ enabled: own.every(({ enabled }) => enabled), expiresAt: ends[0] },
  };
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
