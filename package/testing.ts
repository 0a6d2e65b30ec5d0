/** `hookgate/testing`: events for the tests of handlers, and the checks of a provider of your own. */
import { sourceOf } from './sample-source.ts';
import { identifyAll } from '../lambdas/core/receive/identify.ts';
import { toHandled, toWebhookEvent } from '../lambdas/core/process/handle.ts';
import type { WebhookEvent } from '../lambdas/core/event.ts';
import { sampleOf } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import type { Options } from '../lambdas/core/envelope.ts';
import type { ProviderName } from './sample-source.ts';

export { providerChecks } from './provider-checks.ts';
export type { ProviderCheck } from './provider-checks.ts';
export type { ProviderName } from './sample-source.ts';
export type { EventHandler, WebhookEvent } from '../lambdas/core/event.ts';

/** The delivery to make an event of. What is left out is as in the provider's own sample. */
export interface SampleDelivery {
  /** The type of the provider's sample: `invoice.paid`. */
  readonly type?: string;
  /** The id in the provider's sample; give another one to get another event. Default `1`. */
  readonly id?: string;
  /** A body of your own, in place of the provider's sample: the exact bytes or text, or a value that is written as JSON. */
  readonly body?: string | Buffer | object;
  /** Headers beside those of the provider's sample. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of the source. Default: that of the provider. */
  readonly source?: string;
  /** The source's options. Default: those that the provider has a default for. */
  readonly options?: Options;
  /** When the gateway received it. Default: the first moment of 2026, so that a test is the same every day. */
  readonly receivedAt?: Date;
}

/**
 * The event that a handler gets for a delivery of a provider: of its sample, or of a body of your own. It is read by the provider's
 * own code, as the gateway reads a delivery that it has verified. Throws an Error if no handler would get it: if it would wait in
 * quarantine, or the delivery carries no event.
 *
 * @param provider name of a provider of the catalogue, or a provider of your own
 * @param sample the type of the sample, or more of the delivery
 */
export function eventFor(provider: ProviderName | Provider, sample: string | SampleDelivery = {}): WebhookEvent {
  const [event] = eventsFor(provider, sample);
  if (!event) throw new Error('the delivery carries no event');
  return event;
}

/** The events of a delivery that carries several, as {@link eventFor} makes one. */
export function eventsFor(provider: ProviderName | Provider, sample: string | SampleDelivery = {}): WebhookEvent[] {
  const given = typeof sample === 'string' ? { type: sample } : sample;
  const { type, id = '1', receivedAt = new Date(Date.UTC(2026, 0)) } = given;
  const source = sourceOf(provider, given);
  const own = sampleOf(source.provider, { id, now: receivedAt, type, options: source.options });
  const headers = { 'content-type': 'application/json', ...own.headers, ...given.headers };
  const delivery = {
    method: source.provider.methods[0],
    url: `https://hooks.example.com/webhooks/${source.name}`,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]] as const)),
    body: given.body === undefined ? own.body : bytesOf(given.body),
  };
  const verdict = { ok: true, secret: { label: 'current', versionId: 'test' } } as const;
  return identifyAll({ delivery, verdict, receivedAt }, source).map((event) => {
    if (event.quarantine) throw new Error(`no handler gets this event: it waits in quarantine, as ${event.quarantine}`);
    return toWebhookEvent(toHandled(event));
  });
}

const bytesOf = (body: string | Buffer | object): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
};
