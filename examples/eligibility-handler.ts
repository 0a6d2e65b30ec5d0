import type { EventHandler, WebhookEvent } from '../lambdas/core/event.ts';
import { PermanentError } from '../lambdas/core/permanent-error.ts';

/** The customer's own service; the file is yours, so it may hold settings. */
const SERVICE = 'https://eligibility.example.com/authorizations';

/**
 * Passes each authorization on to an eligibility service. It shows four things: throw if the event must be tried again,
 * throw a PermanentError if that cannot help, return if there is nothing to do, and give the event key to everything that has an effect.
 */
export const passOnTo =
  (service: string): EventHandler =>
  async (event) => {
    if (!event.type.startsWith('authorization.')) return;
    const authorization = authorizationId(event);
    // Trying again cannot mend a body without an id: it waits in the dead-letter queue for a person, at once.
    if (authorization === undefined) throw new PermanentError('the event carries no data.authorization_id');

    const response = await fetch(service, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // A handler can run again after a crash: the service does the work of a key once.
        'idempotency-key': `${event.source}/${event.key}`,
      },
      body: JSON.stringify({ authorization, type: event.type, receivedAt: event.receivedAt }),
      signal: AbortSignal.timeout(10_000),
    });
    // The name of an error is logged and its message is not, so nothing of the event can leak through it.
    if (!response.ok) throw new Error(`the eligibility service answered ${response.status}`);
  };

/**
 * The handler of a source, in the place of the default one, which publishes to the event bus. In hookgate.config.ts:
 *
 *     osigu: { provider: 'osigu', handler: './examples/eligibility-handler.ts' }
 */
export const handler: EventHandler = passOnTo(SERVICE);

/** `data.authorization_id` of an Osigu event. */
function authorizationId({ json }: WebhookEvent): string | undefined {
  const data = json?.data;
  if (typeof data !== 'object' || data === null || !('authorization_id' in data)) return undefined;
  return typeof data.authorization_id === 'string' ? data.authorization_id : undefined;
}
