import { z } from 'zod';
import type { FakeFhir } from './server.ts';
import { FhirSettings } from './subscription.ts';
import type { FakeFhirSubscription } from './subscription.ts';

/**
 * The body with which a person steers a Subscription of the stand-in. An array lets as many events happen as it has elements;
 * they are sent if the Subscription has an endpoint, and are lost if it has none. An object sets how it behaves, or has it `do`
 * something.
 */
export const FhirControl = z.union([
  z.array(z.unknown()),
  z.strictObject({ do: z.enum(['handshake', 'heartbeat', 'reset', 'delete']) }),
  FhirSettings.partial(),
]);
export type FhirControl = z.output<typeof FhirControl>;

export function controlFhir(fake: FakeFhir, id: string, wanted: FhirControl): void {
  const subscription = fake.subscription(id);
  if (Array.isArray(wanted)) sendAll(subscription, subscription.deliveriesOf(subscription.happen(wanted.length)));
  else if (!('do' in wanted)) subscription.settings = FhirSettings.parse({ ...subscription.settings, ...wanted });
  else if (wanted.do === 'reset') subscription.reset();
  else if (wanted.do === 'delete') fake.deleted.add(id);
  else sendAll(subscription, [subscription.notification(wanted.do)]);
}

/** Sends one after the other, as a server does that sends again nothing. */
function sendAll({ settings }: FakeFhirSubscription, notifications: readonly string[]): void {
  const { endpoint, header = '' } = settings;
  if (endpoint === undefined) return;
  const at = header.indexOf(':');
  const headers = {
    'content-type': 'application/fhir+json',
    ...(at > 0 && { [header.slice(0, at)]: header.slice(at + 1).trim() }),
  };
  const send = async (): Promise<void> => {
    for (const body of notifications)
      await fetch(endpoint, { method: 'POST', headers, body }).then(
        (answer) => answer.arrayBuffer(),
        // The gateway is not there: the event is lost.
        () => undefined,
      );
  };
  void send();
}
