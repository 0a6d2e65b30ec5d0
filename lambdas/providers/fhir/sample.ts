import { sha256 } from '../../core/hash.ts';
import type { SampleInput } from '../../core/provider.ts';

/** The event number of an id: some of the bits of its hash. */
const numberOf = (id: string): string => String((BigInt(`0x${sha256(id).slice(0, 15)}`) % 10n ** 15n) + 1n);

/** A notification of one event, id-only, as R4 with the Backport has it. */
export function sampleNotification({ id, now, type = 'admission', options = {} }: SampleInput): string {
  const { subscription } = options;
  // The id alone could be ".", which means nothing at the end of a URL.
  const name = `sample-${encodeURIComponent(id)}`;
  // A sample for no stated Subscription is the first event of one of its own.
  const of = typeof subscription === 'string' ? subscription : name;
  const number = typeof subscription === 'string' ? numberOf(id) : '1';
  return JSON.stringify({
    resourceType: 'Bundle',
    id: name,
    type: 'history',
    timestamp: now.toISOString(),
    entry: [
      {
        fullUrl: 'urn:uuid:5bf2e2a8-7d0c-4a56-a58a-d9fd4f9a60b0',
        resource: {
          resourceType: 'Parameters',
          parameter: [
            { name: 'subscription', valueReference: { reference: `https://fhir.example.com/Subscription/${of}` } },
            { name: 'topic', valueCanonical: `https://fhir.example.com/SubscriptionTopic/${type}` },
            { name: 'status', valueCode: 'active' },
            { name: 'type', valueCode: 'event-notification' },
            { name: 'events-since-subscription-start', valueString: number },
            {
              name: 'notification-event',
              part: [
                { name: 'event-number', valueString: number },
                { name: 'timestamp', valueInstant: now.toISOString() },
                {
                  name: 'focus',
                  valueReference: { reference: `https://fhir.example.com/Encounter/${name}/_history/1` },
                },
              ],
            },
          ],
        },
        request: { method: 'GET', url: `Subscription/${of}/$status` },
        response: { status: '200' },
      },
    ],
  });
}
