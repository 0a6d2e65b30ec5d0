import { receive } from '../../../lambdas/core/receive/receive.ts';
import type { Answer, Delivery } from '../../../lambdas/core/delivery.ts';
import type { Event } from '../../../lambdas/core/event.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../core/in-memory.ts';
import { eventsOfBatch } from '../../../lambdas/core/receive/batch-message.ts';
import { identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { NOW, publishedKey, secretsOf, signed, sourceOf, verified } from './deliveries.ts';

/** The answer of the gateway to a delivery, and the events that came of it, told apart as they are behind the queue. */
export async function answerTo(
  provider: Provider,
  of: Delivery,
  stored = secretsOf(provider).stored,
): Promise<{ readonly answer: Answer; readonly events: readonly Event[] }> {
  const clock = (): number => NOW.getTime();
  const queue = new MemoryQueue();
  const ports = {
    ...{ clock, queue, quarantine: queue, ledger: new MemoryLedger(clock), observer: recordingObserver() },
    secrets: fixedSecrets(stored),
    keys: { get: () => Promise.resolve(publishedKey(provider)) },
  };
  const answer = await receive(of, sourceOf(provider), ports);
  return { answer, events: queue.events.flatMap((event) => (event.parts ? eventsOfBatch(event) : [event])) };
}

/** The same for a body that the provider has signed. */
export const answerToSigned = (provider: Provider, body: string, headers: Readonly<Record<string, string>> = {}) =>
  answerTo(provider, signed(provider, body, { headers }));

/** The events of a verified delivery with this body. */
export const eventsIn = (provider: Provider, body: string, headers: Readonly<Record<string, string>> = {}) =>
  identifyAll(verified(signed(provider, body, { headers })), sourceOf(provider));
