import { expect } from '@jest/globals';
import { accept } from '../../../lambdas/core/accept.ts';
import type { Delivery } from '../../../lambdas/core/delivery.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { eventsOfBatch } from '../../../lambdas/core/receive/batch-message.ts';
import { receive } from '../../../lambdas/core/receive/receive.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../core/in-memory.ts';
import { NOW, publishedKey, secretsOf, signed, sourceOf } from './deliveries.ts';

/** How many events are processed and how many wait, of deliveries one after the other. */
export async function outcomeOf(
  provider: Provider,
  bodies: readonly (readonly [body: string | Delivery, at?: Date])[],
): Promise<{ readonly processed: number; readonly waiting: number }> {
  let now = NOW;
  const clock = (): number => now.getTime();
  const source = sourceOf(provider);
  const [incoming, queue, quarantine] = [new MemoryQueue(), new MemoryQueue(), new MemoryQueue()];
  const ports = {
    ...{
      clock,
      quarantine,
      ledger: new MemoryLedger(clock, source.windowSeconds * 1000),
      observer: recordingObserver(),
    },
    ...{
      secrets: fixedSecrets(secretsOf(provider).stored),
      keys: { get: () => Promise.resolve(publishedKey(provider)) },
    },
  };
  for (const [body, at = NOW] of bodies) {
    now = at;
    const of = typeof body === 'string' ? signed(provider, body, { now }) : body;
    const { status } = await receive(of, source, { ...ports, queue: incoming });
    expect([200, 202]).toContain(status);
    for (const event of incoming.events.splice(0))
      if (!event.parts) queue.events.push(event);
      else for (const part of eventsOfBatch(event)) await accept(part, { ...ports, queue });
  }
  return { processed: queue.events.length, waiting: quarantine.events.length };
}
