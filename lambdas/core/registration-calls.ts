import { isUsableId } from './http/api-url.ts';
import type { ApiCall } from './missed-events.ts';
import type { Created, Registered, Registration, RegistrationFault, Wanted } from './registration.ts';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';

/**
 * Lists what is registered with a provider. A registration without an id that a call could name is a fault: nothing could be
 * done about it, and it would not be known again.
 */
export async function listRegistered(
  registration: Registration,
  api: ApiCall,
): Promise<Result<readonly Registered[], RegistrationFault>> {
  const listed = await registration.list(api);
  if (!listed.ok) return listed;
  return listed.value.every(({ id }) => isUsableId(id)) ? ok(listed.value.map(withoutBlankEvents)) : refuse('no_id');
}

/**
 * Makes a registration. An answer of success that names no id, or another URL, is a fault: nobody knows then what was made. Events
 * that the answer does not name are those that were asked for.
 */
export async function createRegistered(
  registration: Registration,
  wanted: Wanted,
  api: ApiCall,
): Promise<Result<Created, RegistrationFault>> {
  const created = await registration.create(wanted, api);
  if (!created.ok) return created;
  const made = withoutBlankEvents(created.value);
  if (!isUsableId(made.id)) return refuse('no_id');
  if (made.url !== wanted.url) return refuse('other_url');
  return ok(made.events.length > 0 ? made : { ...made, events: wanted.events });
}

const withoutBlankEvents = <Entry extends Registered>(entry: Entry): Entry => ({
  ...entry,
  events: entry.events.filter((event) => event !== ''),
});
