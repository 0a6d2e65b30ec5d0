import { z } from 'zod';
import { bundleOf, FORMATS } from './notify.ts';
import type { FakeEvent } from './notify.ts';

/** How a server sends, and what it answers to a question. */
export const FhirSettings = z.strictObject({
  format: z.enum(FORMATS).default('r4'),
  /** The URL that notifications go to, and the header that they carry, `Name: value`. Without the URL every event is lost. */
  endpoint: z.url().optional(),
  header: z.string().optional(),
  /** Events that one notification carries at most. */
  maxCount: z.int().min(1).default(1),
  /** Of so many events one is never sent; 0: none is lost. */
  losesEvery: z.int().min(0).default(0),
  /** Of so many events one is sent again, in another batch. */
  repeatsEvery: z.int().min(0).default(0),
  /** True: the latest notification goes first. */
  reorders: z.boolean().default(false),
  /** The latest events that `$events` still has; absent: all. */
  historyLimit: z.int().min(0).optional(),
  /** True: `$events` gives the latest 20, whatever it is asked for. */
  ignoresBounds: z.boolean().default(false),
  /** False: the server does not know the operation. */
  hasEvents: z.boolean().default(true),
  hasStatus: z.boolean().default(true),
  /** How a Subscription stands. */
  status: z.enum(['requested', 'active', 'error', 'off']).default('active'),
});
export type FhirSettings = z.output<typeof FhirSettings>;

/** A Subscription as a server has it. */
export class FakeFhirSubscription {
  readonly id: string;
  settings: FhirSettings = FhirSettings.parse({});
  /** All since it was made, or since it began to count again. */
  events: FakeEvent[] = [];
  version = 1;
  #made = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Something happens, so many times. Returns what has. */
  happen(count: number): FakeEvent[] {
    const added = Array.from({ length: count }, (_, index) => ({
      number: this.events.length + index + 1,
      focus: `Encounter/${this.id}-${++this.#made}`,
      time: new Date().toISOString(),
    }));
    // One by one: there may be more than a call takes arguments.
    for (const event of added) this.events.push(event);
    return added;
  }

  /** The server begins to count again, as after a restart; what was before is not remembered. */
  reset(): void {
    this.events = [];
  }

  /** A notification of this Subscription, as JSON. */
  notification(type: string, events: readonly FakeEvent[] = []): string {
    const { format, status } = this.settings;
    return JSON.stringify(
      bundleOf({ ...{ type, subscription: this.id, status, format, events }, count: this.events.length }),
    );
  }

  /** The events that `$events` gives for a range. */
  history(from: number, to: number): readonly FakeEvent[] {
    const { historyLimit, ignoresBounds } = this.settings;
    const kept = historyLimit === undefined ? this.events : historyLimit === 0 ? [] : this.events.slice(-historyLimit);
    if (ignoresBounds) return kept.slice(-20);
    return kept.filter(({ number }) => number >= from && number <= to);
  }

  /** The notifications that some events make, as the server sends them: batched, lost, repeated and reordered. */
  deliveriesOf(events: readonly FakeEvent[]): string[] {
    const { maxCount, losesEvery, repeatsEvery, reorders } = this.settings;
    const isNth = (number: number, every: number): boolean => every > 0 && number % every === 0;
    const sent = events.filter(({ number }) => !isNth(number, losesEvery));
    const again = sent.filter(({ number }) => isNth(number + 3, repeatsEvery));
    const batches = [...inBatches(sent, maxCount), ...inBatches(again, maxCount + 1)];
    const all = batches.map((batch) => this.notification('event-notification', batch));
    return reorders ? all.reverse() : all;
  }
}

const inBatches = (events: readonly FakeEvent[], size: number): FakeEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, index) => events.slice(index * size, (index + 1) * size));
