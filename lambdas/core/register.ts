import type { ApiCall } from './missed-events.ts';
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

/** The outcome: `other-url` and `differs` mean that nothing was changed, and that a person must decide. */
export type Registering = RegistrationView & {
  readonly outcome: 'unchanged' | 'created' | 'updated' | 'other-url' | 'differs';
  /** The secret that the provider has made, if it did. */
  readonly secret?: string | undefined;
};

type Asked = Omit<Wanted, 'events'> & { readonly events: readonly string[] | undefined };

/** Returns the registration, and how it differs from the source. Without events stated, those that are registered are right. */
export async function viewRegistration(
  { url, events }: Pick<Asked, 'url' | 'events'>,
  registration: Registration,
  api: ApiCall,
): Promise<Result<RegistrationView, RegistrationFault>> {
  const listed = await registration.list(api);
  if (!listed.ok) return listed;
  const own = listed.value.find((each) => each.url === url);
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
  const target = own ?? replaced;
  if (!target && differences.includes('url')) return ok({ ...view.value, outcome: 'other-url' });
  const events = asked.events ?? target?.events ?? registration.defaultEvents;
  const wanted: Wanted = { url: asked.url, events, secret: asked.secret };
  if (target) {
    const updated = await registration.update?.(target.id, wanted, api);
    if (!updated) return ok({ ...view.value, outcome: own ? 'differs' : 'other-url' });
    return updated.ok ? ok({ ...view.value, outcome: 'updated' }) : updated;
  }
  const created = await registration.create(wanted, api);
  if (!created.ok) return created;
  const { secret, ...made } = created.value;
  return ok({ own: made, others, differences, outcome: 'created', ...(secret !== undefined && { secret }) });
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
