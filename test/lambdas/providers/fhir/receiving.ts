import { splitBatches } from '../../../../lambdas/core/process/split.ts';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import type { ProcessPorts } from '../../../../lambdas/core/process/process.ts';
import type { Answer, Delivery } from '../../../../lambdas/core/delivery.ts';
import type { Options } from '../../../../lambdas/core/envelope.ts';
import type { WebhookEvent } from '../../../../lambdas/core/event.ts';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import type { EventQueue } from '../../../../lambdas/core/ports.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import type { HeardSubscription, SubscriptionNote } from '../../../../lambdas/core/subscription-note.ts';
import { fhir } from '../../../../lambdas/providers/fhir/index.ts';
import {
  fixedSecrets,
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  memoryRetries,
  MemoryQueue,
  recordingObserver,
} from '../../core/in-memory.ts';
import { delivery, NOW, secretsOf, signed, sourceOf } from '../deliveries.ts';

/** A gateway in memory: the verifier, its queue and the processor. */
export function gateway(options: Options = {}, provider: Provider = fhir) {
  const clock = (): number => NOW.getTime();
  const [ledger, queue, quarantine, archive] = [
    new MemoryLedger(clock, 1e12),
    new MemoryQueue(),
    new MemoryQueue(),
    new MemoryArchive(),
  ];
  const observer = recordingObserver();
  const heard: (SubscriptionNote & Pick<HeardSubscription, 'at'>)[] = [];
  // The vendors' examples are some years old.
  const source = { ...sourceOf(provider, options), windowSeconds: 10 * 365 * 86_400 };
  const notes = {
    heard: (note: SubscriptionNote, at: Date) => {
      heard.push({ ...note, at: at.toISOString() });
      return Promise.resolve();
    },
  };
  const ports = { clock, observer, ledger, queue: queue as EventQueue, quarantine: quarantine as EventQueue, notes };
  const secrets = fixedSecrets(secretsOf(provider).stored);
  const handled: WebhookEvent[] = [];

  const send = (of: Delivery, changes: Partial<typeof ports> = {}): Promise<Answer> =>
    receive(of, source, { ...ports, secrets, ...changes });

  return {
    ...{ ledger, queue, quarantine, archive, observer, heard, handled, source, ports, send },
    /** A delivery with the right token. */
    post: (body: string | Buffer, changes: Partial<typeof ports> = {}) =>
      send(signed(provider, body, { headers: {}, options: source.options }), changes),
    /** A delivery with these headers. */
    postWith: (headers: Readonly<Record<string, string | string[]>>, body: string | Buffer) =>
      send(delivery(headers, body)),
    /** Takes everything from the queue, whole deliveries first told apart. */
    process: async (): Promise<string[]> => {
      for (let round = 0; queue.events.length > 0; round++) {
        const records = queue.events
          .splice(0)
          .map((event, index) => ({ id: String(index), text: encodeMessage(event) }));
        const all = {
          ...{ ledger, queue, quarantine, observer, clock, owner: `batch-${round}`, leaseMs: 30_000, archive },
          ...{ archivedIn: `batch-${round}`, ...memoryRetries(), bodies: new MemoryBodies() },
          handle: (batch: Parameters<ProcessPorts['handle']>[0]) => {
            handled.push(...batch.map(({ event }) => event));
            return batch.map(() => Promise.resolve());
          },
        };
        const { events, failed } = await splitBatches(records, all);
        if (failed.length > 0) throw new Error(`not split: ${observer.seen.join(' ')}`);
        await processBatch(events, all);
      }
      return handled.map(({ key }) => key);
    },
    /** Keys and reasons of what waits. */
    waiting: () => quarantine.events.map(({ key, quarantine: reason }) => [key, reason]),
  };
}
