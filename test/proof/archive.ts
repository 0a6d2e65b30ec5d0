import { gzipSync } from 'node:zlib';
import type { Event } from '../../lambdas/core/event.ts';
import { encodeMessage } from '../../lambdas/core/message.ts';

/**
 * The archive's bucket. The product compresses a batch on a thread, for which the explorer cannot wait: what the real reader
 * gets is compressed here, at once.
 */
export class MemoryArchive {
  readonly #batches = new Map<string, readonly Event[]>();
  readonly #heads = new Map<string, string>();

  put(place: string, events: readonly Event[]): void {
    this.#batches.set(place, events);
    this.#heads.set(place, JSON.stringify(events.map((event) => ({ ...event, body: undefined }))));
  }

  get(place: string): Buffer | undefined {
    const events = this.#batches.get(place);
    return events && gzipSync(events.map((event) => `${encodeMessage(event)}\n`).join(''));
  }

  state = (): string => [...this.#heads].sort(([a], [b]) => (a < b ? -1 : 1)).join();
}
